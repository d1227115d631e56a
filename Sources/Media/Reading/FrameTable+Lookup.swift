internal import CFFmpeg

extension FrameTable {
    /// Frames damaged, lost or missing from the file, as far as known.
    var damagedCount: Int { damagedCount(in: FrameRequest(), base: AVRational(num: 1, den: 1)) }

    /// Whether some of the frames that the file holds are known to be damaged.
    var showsDamage: Bool { !damage.isEmpty || !lost.isEmpty || lostSomewhere > 0 }

    /// The same for a part of the video.
    func damagedCount(in request: FrameRequest, base: AVRational) -> Int {
        damage.count { request.contains(times[$0], base: base) } + lost.count { request.contains($0, base: base) }
            + lostSomewhere + (ending?.missingCount(in: request, base: base) ?? 0)
    }

    /// Whether a frame is known to be damaged.
    func isDamaged(_ frame: Int) -> Bool { damage.contains(frame) }

    /// The first frame at or after a time; `times` must rise.
    func firstIndex(notBefore time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where in `keys` to start for a frame; nil where only the start of the file will do.
    func key(for frame: Int) -> Int? {
        guard allowsSeeking else { return nil }
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].frame <= frame { low = middle + 1 } else { high = middle }
        }
        guard low > 0, keys[low - 1].frame > 0 else { return nil }
        return low - 1
    }

    /// The frame shown at `time`: the last one whose time is not later; the first for an earlier time.
    func index(at time: MediaTime, base: AVRational) -> Int {
        let later: (Int64) -> Bool = { (MediaTime($0, base: base) ?? .zero) > time }
        guard allowsSeeking else { return times.lastIndex { !later($0) } ?? 0 }
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if later(times[middle]) { high = middle } else { low = middle + 1 }
        }
        return max(0, low - 1)
    }
}
