internal import CFFmpeg

/// The frames of a regular video as its packets have them, and how to reach some of them at the least cost.
struct FramePlan: Sendable {
    /// Times of the shown frames, rising, in units of the stream's time base.
    let times: [Int64]
    /// Which packet each of them comes from.
    let packets: [Int]
    /// Of each packet: whether no other packet needs it.
    let isDisposable: [Bool]
    /// Of each packet: whether decoding can start there.
    let isKey: [Bool]
    private let packetTimes: [Int64]

    /// A run of packets from a key packet on, decoded without a break.
    struct Run: Sendable {
        /// First packet to last.
        var packets: ClosedRange<Int>
        /// When the first packet's frame is shown: what comes out with an earlier time is of no use.
        var firstTime: Int64
    }

    /// - Returns: nil where the packets do not tell which frames a decode from the start gives.
    init?(_ list: PacketList) {
        let entries = list.entries
        guard list.isRegular, let first = entries.first, first.isKey else { return nil }
        let shown = entries.indices.filter { entries[$0].isShown }.sorted { entries[$0].time < entries[$1].time }
        guard let earliest = shown.first, entries[earliest].time >= first.time,
            zip(shown, shown.dropFirst()).allSatisfy({ entries[$0].time < entries[$1].time }),
            Self.keepsItsSettings(entries)
        else { return nil }
        packets = shown
        times = shown.map { entries[$0].time }
        packetTimes = entries.map(\.time)
        let top = entries.map(\.verdict.layer).max() ?? 0
        isDisposable = entries.map { $0.verdict.isUnreferenced && $0.verdict.layer == top && !$0.isKey }
        isKey = entries.map(\.isKey)
    }

    /// Whether a decode can start at any key packet without settings that came between: either each key packet brings
    /// them, or none after the first, and no other packet does.
    private static func keepsItsSettings(_ entries: [PacketList.Entry]) -> Bool {
        let later = entries.dropFirst()
        let keys = later.filter(\.isKey)
        let bringing = keys.count { $0.verdict.hasParameters }
        return (bringing == 0 || bringing == keys.count)
            && !later.contains { !$0.isKey && $0.verdict.hasParameters }
    }

    /// The runs of packets that give the frames `wanted` (rising), and of each packet whether it is to be decoded.
    /// - Parameter joins: whether runs between which nearly nothing lies become one, for a decoder with several threads.
    func runs(to wanted: [Int], joins: Bool) -> (runs: [Run], needed: [Bool]) {
        var runs: [Run] = []
        for frame in wanted {
            let packet = packets[frame]
            // The nearest key packet whose frame is not shown later than this one.
            let start = (0...packet).last { isKey[$0] && packetTimes[$0] <= times[frame] } ?? 0
            if let last = runs.last {
                let end = last.packets.upperBound
                let between = end + 1 < start ? (end + 1..<start).count { !isDisposable[$0] } : 0
                // Starting anew empties the decoder's pipeline, which costs about a frame.
                if start <= end || joins && between < 2 {
                    runs[runs.count - 1].packets = last.packets.lowerBound...max(end, packet)
                    continue
                }
            }
            runs.append(Run(packets: start...packet, firstTime: packetTimes[start]))
        }
        var needed = [Bool](repeating: false, count: isKey.count)
        for run in runs { for packet in run.packets { needed[packet] = !isDisposable[packet] } }
        for frame in wanted { needed[packets[frame]] = true }
        return (runs, needed)
    }

    /// The frames that a decode of a run gives: of those fed, all that are shown at its start or later.
    func frames(of run: Run, needed: [Bool]) -> [Int] {
        let first = times.partitioningIndex { $0 >= run.firstTime }
        var frames: [Int] = []
        for frame in first..<times.count where run.packets.contains(packets[frame]) && needed[packets[frame]] {
            frames.append(frame)
        }
        return frames
    }

    /// For each wanted frame (rising) the one to take in its stead, from the part of the video that is nearer to it
    /// than to its neighbours: the nearest key frame, or else the nearest frame that others refer to.
    func cheapest(for wanted: [Int], in range: Range<Int>) -> [Int] {
        wanted.indices.map { place in
            let frame = wanted[place]
            let low = place > 0 ? min((wanted[place - 1] + frame) / 2 + 1, frame) : range.lowerBound
            let high = place + 1 < wanted.count ? (frame + wanted[place + 1]) / 2 : range.upperBound - 1
            let part = low...max(high, frame)
            func nearest(_ fits: (Int) -> Bool) -> Int? {
                part.filter { fits(packets[$0]) }.min { abs($0 - frame) < abs($1 - frame) }
            }
            return nearest { isKey[$0] } ?? nearest { !isDisposable[$0] } ?? frame
        }
    }

    /// For each wanted frame (rising) the key frame nearest to it; the cheapest one where there is none.
    func nearestKeys(to wanted: [Int], in range: Range<Int>) -> [Int] {
        let keys = range.filter { isKey[packets[$0]] }
        guard !keys.isEmpty else { return cheapest(for: wanted, in: range) }
        return wanted.map { frame in keys.min { abs($0 - frame) < abs($1 - frame) } ?? frame }
    }
}

extension Array {
    /// The first index from which on `belongs` holds, in an array where it holds from some index on.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
