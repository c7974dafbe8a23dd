"""What is said of each thing that a newsletter's reader would stumble over: Swedish, English."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "link-says-little": (
        "Länken säger inte vart den leder. Skriv till exempel ”Läs om öppna kvällar”.",
        "The link does not say where it leads. Write for example “Read about open evenings”.",
    ),
    "link-is-an-address": (
        "Skriv vad länken leder till i stället för själva adressen.",
        "Say what the link leads to instead of writing the address.",
    ),
    "same-words-other-address": (
        "Två länkar har samma text men leder till olika sidor.",
        "Two links have the same words but lead to different pages.",
    ),
    "alt-is-a-file-name": (
        "Bildens text ser ut som ett filnamn. Beskriv vad bilden visar.",
        "The text of the image looks like a file name. Describe what it shows.",
    ),
    "alt-is-long": (
        "Bildens text är lång. Säg det viktigaste där och resten i texten.",
        "The text of the image is long. Say the main thing there and the rest in the text.",
    ),
    "shouting": (
        "Versaler är svåra att läsa och läses ibland bokstav för bokstav.",
        "Capitals are hard to read, and sometimes read out letter by letter.",
    ),
    "long-paragraph": (
        "Stycket är långt. Dela det så blir det lättare att läsa.",
        "The paragraph is long. It is easier to read in two.",
    ),
    "empty-heading": ("Rubriken är tom.", "The heading is empty."),
    "empty-table-heading": (
        "En kolumn i tabellen saknar rubrik.",
        "A column of the table has no heading.",
    ),
    "several-first-headings": (
        "Det finns fler än en rubrik på första nivån.",
        "There is more than one heading of the first level.",
    ),
    "subject-is-long": (
        "Ämnesraden är lång: en telefon visar ungefär 70 tecken.",
        "The subject is long: a phone shows about 70 characters.",
    ),
    "writing-direction": (
        "Texten är skriven åt ett annat håll än språket. Är rätt språk valt?",
        "The text runs the other way than its language. Is the language the right one?",
    ),
    "letter-is-cut-off": (
        "Brevet är så stort att en del e-postprogram gömmer slutet.",
        "The letter is so large that some mail programs hide its end.",
    ),
    "languages-differ": (
        "Språken har olika många rubriker, länkar eller bilder. Saknas något i en översättning?",
        "The languages differ in headings, links or images. Is something missing in one of them?",
    ),
    "publication-unknown": (
        "En publikation med det namnet finns inte.",
        "There is no publication of that name.",
    ),
    "nothing-written": ("Det finns ingen text.", "There is no text."),
    "loads-from-elsewhere": (
        "Brevet skulle hämta något från nätet när det öppnas.",
        "The letter would load something when it is opened.",
    ),
    "link-nobody-wrote": (
        "Brevet innehåller en länk som inte står i texten.",
        "The letter holds a link that is not in the text.",
    ),
    "result-not-accessible": (
        "Det färdiga brevet saknar något som skärmläsare behöver.",
        "The finished letter lacks something that screen readers need.",
    ),
}
