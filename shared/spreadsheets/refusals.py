"""Why a file as a whole was not read. Each sentence tells what to do; none repeats the file."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class FileIsEmpty(Refusal):
    """There is nothing in the file."""

    kind = "file-is-empty"
    sv = "Filen är tom."
    en = "The file is empty."


class NotSpreadsheetText(Refusal):
    """Bytes that are neither a workbook nor text."""

    kind = "not-a-spreadsheet-text"
    sv = "Filen är varken kalkylark eller text. Spara kalkylarket som XLSX eller CSV."
    en = "The file is neither a spreadsheet nor text. Save the spreadsheet as XLSX or CSV."


class FileIsAPicture(NotSpreadsheetText):
    """A photograph or a screenshot, of a schedule perhaps."""

    kind = "file-is-a-picture"
    sv = "Filen är en bild. Skicka själva kalkylarket, som XLSX eller CSV."
    en = "The file is a picture. Send the spreadsheet itself, as XLSX or CSV."


class FileIsAPdf(NotSpreadsheetText):
    """A printed page: its columns are gone."""

    kind = "file-is-a-pdf"
    sv = "Filen är en PDF. Skicka själva kalkylarket, som XLSX eller CSV."
    en = "The file is a PDF. Send the spreadsheet itself, as XLSX or CSV."


class FileIsADocument(NotSpreadsheetText):
    """From a word processor, or a presentation."""

    kind = "file-is-a-document"
    sv = "Filen är ett textdokument (till exempel Word). Skicka ett kalkylark, som XLSX eller CSV."
    en = "The file is a text document (such as Word). Send a spreadsheet, as XLSX or CSV."


class FileIsAnArchive(NotSpreadsheetText):
    """Something packed; what is in it is not looked for."""

    kind = "file-is-an-archive"
    sv = "Filen är packad (zip). Packa upp den och skicka kalkylarket, som XLSX eller CSV."
    en = "The file is packed (zip). Unpack it and send the spreadsheet, as XLSX or CSV."


class EncodingUnknown(Refusal):
    """No encoding fits all bytes."""

    kind = "encoding-unknown"
    sv = "Filens teckenkodning gick inte att läsa. Spara den som ”CSV UTF-8” och försök igen."
    en = "The file's encoding could not be read. Save it as “CSV UTF-8” and try again."


class ColumnsMissing(Refusal):
    """The first row does not name every necessary column."""

    kind = "columns-missing"
    sv = "Kolumner saknas i rubrikraden: {columns}."
    en = "Columns are missing in the heading row: {columns}."


class ColumnTwice(Refusal):
    """A heading stands twice; which one counts is not ours to guess."""

    kind = "column-twice"
    sv = "Kolumnen {column} finns två gånger i rubrikraden. Ta bort den ena."
    en = "The column {column} stands twice in the heading row. Remove one of them."


class TooManyRows(Refusal):
    """More rows than one import takes."""

    kind = "too-many-rows"
    sv = "Filen har fler än {most} rader. Dela upp den i flera filer."
    en = "The file has more than {most} rows. Divide it into several files."


class TooManyColumns(Refusal):
    """A row with more cells than any real file has."""

    kind = "too-many-columns"
    sv = "Rad {row} har fler än {most} celler. Kontrollera att filen är rätt sparad."
    en = "Row {row} has more than {most} cells. Check that the file was saved correctly."


class CellTooLarge(Refusal):
    """A cell with more text than any real cell has, or a quote that is closed far too late."""

    kind = "cell-too-large"
    sv = "Rad {row} har en cell med mer än {most} tecken. Kontrollera citattecknen på raden."
    en = "Row {row} has a cell of more than {most} characters. Check the quotation marks on it."


class QuoteNotClosed(Refusal):
    """A cell begins with a quotation mark that never ends."""

    kind = "quote-not-closed"
    sv = "Ett citattecken som börjar på rad {row} avslutas aldrig. Rätta det och försök igen."
    en = "A quotation mark that begins on row {row} never ends. Correct it and try again."


class WorkbookUnreadable(Refusal):
    """It begins like a workbook and is none, or is locked with a password."""

    kind = "workbook-unreadable"
    sv = "Kalkylarket gick inte att öppna. Spara det som XLSX utan lösenord, eller som CSV."
    en = "The workbook could not be opened. Save it as XLSX without a password, or as CSV."


class WorkbookTooLarge(Refusal):
    """It unpacks to more than any real one."""

    kind = "workbook-too-large"
    sv = "Kalkylarket är för stort. Dela upp det i flera filer."
    en = "The workbook is too large. Divide it into several files."
