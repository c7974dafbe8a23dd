"""Files of subscribers, read: bytes in, typed rows or sentences out. Pure; knows no storage."""
