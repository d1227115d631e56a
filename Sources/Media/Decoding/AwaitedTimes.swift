/// Times of packets that were given to a decoder and have given no frame yet: what tells when a lost frame would have
/// been shown.
///
/// A decoder also swallows packets that are no frames of their own (VP8's alternate references). So a time that frames
/// have overtaken counts as lost only while there are failures to account for it.
struct AwaitedTimes {
    /// In order.
    private var times: [Int64] = []
    private var claimed = 0
    /// Whether there were packets without a time: then what is lost cannot be placed.
    private(set) var hasUntimed = false

    /// Notes a packet that should give a frame; nil is one without a time.
    ///
    /// - Cost: constant for packets in about the order of their times.
    mutating func add(_ time: Int64?) {
        guard let time else {
            hasUntimed = true
            return
        }
        let place = times.lastIndex { $0 <= time }.map { $0 + 1 } ?? 0
        times.insert(time, at: place)
        // Far more than any decoder keeps in hand: these are packets that were no frames.
        if times.count > 4096 { times.removeFirst() }
    }

    /// A frame of time `time` came out, or nothing more will (nil): the times before it that are lost for good.
    mutating func settle(before time: Int64?, failures: Int) -> [Int64] {
        let passed = time.map { time in times.firstIndex { $0 >= time } ?? times.count } ?? times.count
        let lost = times.prefix(min(passed, max(0, failures - claimed)))
        claimed += lost.count
        let isThere = time != nil && passed < times.count && times[passed] == time
        defer { times.removeFirst(passed + (isThere ? 1 : 0)) }
        return Array(lost)
    }

    /// Starts anew at another place of the file.
    mutating func reset(failures: Int) {
        times = []
        claimed = failures
    }
}
