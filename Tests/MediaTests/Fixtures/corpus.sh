#!/bin/sh
# Writes corpus.tsv: each file of the shared videos, and how many of its first 120 frames `ffmpeg` decodes (0: it must be
# refused; cover art does not count). The figures are those of the folder's own MANIFEST.tsv, and of the files in derived/, which it does not list.
# Usage: corpus.sh /path/to/shared/data/videos > corpus.tsv
cd "$1" || exit 1
for file in * derived/*; do
    case $file in README* | MANIFEST* | derived) continue ;; esac
    count=$(timeout 60 ffmpeg -v quiet -nostdin -i "file:$file" -map 0:V:0 -vsync passthrough -frames:v 120 -f framecrc - |
        grep -vc '^#')
    printf '%s\t%s\n' "$file" "$count"
done
