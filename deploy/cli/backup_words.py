"""What can go wrong with a backup, in both languages: Swedish, English, kind."""

from __future__ import annotations

from deploy.backup.file_set import NotWhole
from deploy.backup.restoring import AnotherAudit, NobodyKnows
from deploy.backup.taking import AlreadyThere, Together
from deploy.local.database import CopyRuns
from deploy.local.mongod import NoMongod
from deploy.local.up import AlreadyRunning
from deploy.rabbitmq import NotApplied

WORDS: dict[type[Exception], tuple[str, str, str]] = {
    Together: (
        "Nycklar och data ska ligga i skilda mappar, helst på skilda ställen.",
        "Keys and data belong in separate folders, better still in separate places.",
        "keys-and-data-together",
    ),
    AlreadyThere: (
        "Mappen finns redan. En säkerhetskopia skrivs aldrig över.",
        "The folder is there already. A backup is never written over.",
        "folder-exists",
    ),
    CopyRuns: (
        "Stoppa kopian först: inget får läsa eller skriva medan data läggs tillbaka.",
        "Stop the copy first: nothing may read or write while data is put back.",
        "copy-is-running",
    ),
    AlreadyRunning: (
        "Kopian är på väg upp eller ner. Försök igen om en stund.",
        "The copy is starting or stopping. Try again in a moment.",
        "copy-is-busy",
    ),
    NoMongod: (
        "MongoDB gick inte att starta.",
        "MongoDB could not be started.",
        "no-mongod",
    ),
    NotApplied: (
        "Databaserna är tillbaka, men köerna gick inte att tömma. Kör kommandot igen före start.",
        "The databases are back, but the queues are not emptied. Run this again before you start.",
        "queues-not-emptied",
    ),
    NotWhole: (
        "Säkerhetskopian är inte hel: {name}. Inget har ändrats.",
        "The backup is not whole: {name}. Nothing was changed.",
        "backup-not-whole",
    ),
    NobodyKnows: (
        "Inga gravstenar finns här: ingen vet vilka som har glömts sedan. Inget har ändrats.",
        "There are no tombstones here: nobody knows who was forgotten since. Nothing was changed.",
        "nobody-knows-who-is-forgotten",
    ),
    AnotherAudit: (
        "Granskningsloggen här är en annan än kopians. Inget har ändrats.",
        "The audit here is another than the backup's. Nothing was changed.",
        "another-audit",
    ),
}
