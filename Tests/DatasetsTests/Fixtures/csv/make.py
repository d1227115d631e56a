"""Writes quoting.csv, whose fields are as awkward as RFC 4180 allows, and what Python's csv module reads in it."""
import csv
import json

rows = [
    ["path", "label", "note", "start"],
    ["a,b.mp4", "run", 'says "hello"', "0.5"],
    ["line\nbreak.mp4", "jump|run", "", ""],
    [" spaced.mp4", "jump", "ünïcode, too", "1/3"],
    ["plain.mp4", "run", "cr\rinside", "2"],
]
with open("quoting.csv", "w", newline="", encoding="utf-8-sig") as file:
    csv.writer(file, lineterminator="\r\n").writerows(rows)
with open("quoting.csv", newline="", encoding="utf-8-sig") as file:
    read = list(csv.reader(file))
with open("quoting.json", "w") as file:
    json.dump(read, file, indent=1)
    file.write("\n")
