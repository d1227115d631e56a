#!/usr/bin/env python3
"""Makes pixels.json: parts of a picture brought to other sizes by Pillow, which FramePixels is compared with.

python3 -m pip install pillow
python3 Tests/RetrievalTests/Fixtures/pixels.py > Tests/RetrievalTests/Fixtures/pixels.json
"""
import json

from PIL import Image

HEIGHT, WIDTH = 14, 18
picture = bytes((7 * row * row + 13 * column + 91 * channel + row * column) % 256
                for row in range(HEIGHT) for column in range(WIDTH) for channel in range(3))
image = Image.frombytes("RGB", (WIDTH, HEIGHT), picture)
cases = []
for top, left, height, width, rows, columns in [
        (0, 0, 14, 18, 7, 9), (0, 0, 14, 18, 9, 9), (2, 3, 8, 12, 8, 8), (5, 6, 9, 12, 6, 6), (0, 0, 7, 9, 12, 12)]:
    part = image.resize((columns, rows), Image.BILINEAR, box=(left, top, left + width, top + height))
    cases.append({"box": [top, left, height, width], "size": [rows, columns], "bytes": list(part.tobytes())})
print(json.dumps({"height": HEIGHT, "width": WIDTH, "bytes": list(picture), "cases": cases}))
