"""Reference values of SeededRandom: the published xoshiro256** and SplitMix64, in Python's integers."""
import json

M = (1 << 64) - 1


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M
    return z ^ z >> 31


def rotl(x, k):
    return (x << k | x >> (64 - k)) & M


def stream(seed, keys, count):
    key = mix((seed + 0x9E3779B97F4A7C15) & M)
    for value in keys:
        key = mix(key ^ mix((value + 0xD1B54A32D192ED03) & M))
    s = []
    for _ in range(4):
        key = (key + 0x9E3779B97F4A7C15) & M
        s.append(mix(key))
    out = []
    for _ in range(count):
        out.append(rotl(s[1] * 5 & M, 7) * 9 & M)
        t = s[1] << 17 & M
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
    return out


cases = [(0, []), (1, []), (42, [7]), (42, [7, 1]), (M, [0, M, 3])]
with open("xoshiro.json", "w") as file:
    json.dump([{"seed": s, "keys": k, "values": stream(s, k, 6)} for s, k in cases], file, indent=1)
    file.write("\n")
