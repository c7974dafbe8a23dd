"""Pseudonyms: two Swedish words that can be said on the telephone and remembered, as Björk-Lykta.

The words are trees, plants, weather and landscape, then things of a calm home. None is a given
name, a place in Malmö, or anything that a frightened person could read a threat into.
"""

from __future__ import annotations

from collections.abc import Callable, Container

_OUTDOORS = """
Al Alm Asp Avenbok Björk Blåbär Blåklocka Blåsippa Bok Bris Brunn Bäck Dagg Dunge Ek Fjord Fjäll
Fläder Fyr Förgätmigej Gran Gryning Gräs Gullviva Hagtorn Hallon Hassel Hav Hed Himmel Hjortron
Holme Horisont Hägg Höst Idegran Kaprifol Kastanj Klöver Klippa Kobbe Krusbär Kulle Kust Källa
Körsbär Lagun Lavendel Lind Lingon Ljung Lupin Lönn Löv Mandel Morgonsol Mossa Myr Mynta Måne
Norrsken Nypon Näckros Odon Oxel Pil Plommon Poppel Prästkrage Päron Regnbåge Rimfrost Ros
Rosmarin Rönn Sand Sippa Sjö Skog Skymning Slån Slätt Smultron Snö Snödroppe Sol Solros Solsken
Sommar Stjärna Strand Sund Svalka Sälg Tall Timjan Tranbär Tulpan Tussilago Tång Udde Vallmo
Vete Vide Vik Vind Vinter Vitsippa Våg Vår Äng Äppelblom Äpple
"""
_INDOORS = """
Almanacka Ballong Bonad Bord Bricka Brygga Bulle Båt Bänk Cykel Duk Dörr Eka Ficklampa Filt
Fläta Flöjt Fåtölj Fönster Gardin Gitarr Glas Glob Grind Grytlapp Gunga Halsduk Harpa Hatt Hylla
Hängmatta Kaffe Kajak Kakel Kalender Kanna Kappa Karusell Kastrull Kavel Klarinett Klocka Knapp
Koffert Kompass Kopp Korg Krans Krita Kruka Kudde Kupa Lampa Limpa Linjal Ljus Lykta Låda
Marmelad Matta Mugg Mössa Nystan Orgel Paket Pall Papper Paraply Penna Pensel Piano Pläd Pussel
Pärm Ram Ryggsäck Sadel Schal Segel Servett Sked Skrin Skål Snäcka Socka Soffa Spegel Stol Stuga
Tallrik Tavla Tekanna Termos Toffel Trappa Tratt Trumma Tröja Tunna Tvål Vagn Vante Vas Veranda
Vimpel Violin Vykort Väska Väv Ylle
"""

FIRST: tuple[str, ...] = tuple(_OUTDOORS.split())
SECOND: tuple[str, ...] = tuple(_INDOORS.split())


class AllTaken(RuntimeError):
    """A hundred draws met only pseudonyms in use: the lists need more words."""


def pick(draw: Callable[[int], int], taken: Container[str]) -> str:
    """A pair that is not taken; `draw(n)` gives a random number from 0 to n - 1.

    Raises AllTaken after a hundred vain draws. Uniqueness itself is storage's to guard.
    """
    for _ in range(100):
        pair = f"{FIRST[draw(len(FIRST))]}-{SECOND[draw(len(SECOND))]}"
        if pair not in taken:
            return pair
    raise AllTaken
