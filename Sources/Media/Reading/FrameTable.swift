internal import CFFmpeg

/// Where the frames of a video are: the time of each, and the packets at which decoding can start.
///
/// An exact table comes from decoding the video once; a predicted one from its packets alone, one frame to a packet in
/// the order of their times, which holds for whole files of most codecs and is checked frame by frame as it is used.
struct FrameTable {
    /// A packet at which decoding can start.
    struct Key {
        /// The first frame that can be had from here.
        var frame: Int
        var identity: PacketIdentity
        /// Whether its own frame is shown (not hidden by an edit list).
        var isShown: Bool
    }

    /// Timestamps in units of the stream's time base, in the order of decoding's output.
    private(set) var times: [Int64] = []
    /// Key packets in order.
    private(set) var keys: [Key] = []
    /// Samples of each picture, for an exact table.
    private(set) var fingerprints: [UInt32] = []
    /// Which frames are damaged, for an exact table of a damaged video; empty otherwise.
    private var damage: Set<Int> = []
    /// Frames damaged or lost, as far as known.
    private(set) var damagedCount = 0
    /// Whether the table was made by decoding.
    let isExact: Bool
    /// Where the last frame ends.
    private(set) var end: Int64 = 0
    /// Whether a decode can start elsewhere than at the first frame. Times must rise and nothing be damaged.
    private(set) var allowsSeeking = true

    /// From the packets alone; nil where they do not tell.
    ///
    /// - Cost: reads the whole file, decodes nothing.
    init?(scanning path: String, info: MediaInfo) throws(MediaError) {
        isExact = false
        let demuxer = try Demuxer(path: path)
        let packet = try PacketBuffer(path: path)
        for index in 0..<demuxer.streamCount where index != info.videoStream {
            unsafe demuxer.stream(index)?.pointee.discard = AVDISCARD_ALL
        }
        var found: [Key] = []
        var retries = 0
        while true {
            let status = demuxer.read(into: packet)
            if status == sora_error_again(), retries < 1000 {
                retries += 1
                continue
            }
            if status < 0 { break }
            let raw = unsafe packet.pointer
            guard unsafe Int(raw.pointee.stream_index) == info.videoStream else { continue }
            let isShown = unsafe raw.pointee.flags & AV_PKT_FLAG_DISCARD == 0
            let time = unsafe raw.pointee.pts
            if isShown {
                guard time != sora_no_timestamp() else { return nil }
                times.append(time)
                end = unsafe max(end, time.addingReportingOverflow(max(0, raw.pointee.duration)).partialValue)
            }
            FrameTable.note(packet, in: &found)
        }
        guard !times.isEmpty else { return nil }
        times.sort()
        settle(found)
    }

    /// From a decode of the whole video.
    init(decoding path: String, info: MediaInfo, threads: Int) throws(MediaError) {
        isExact = true
        let demuxer = try Demuxer(path: path)
        let source = try FrameSource(demuxer: demuxer, info: info, threads: threads)
        var found: [Key] = []
        source.packetFilter = { packet in
            FrameTable.note(packet, in: &found)
            return .decode
        }
        while let header = try source.advance() {
            if header.isDamaged { damage.insert(times.count) }
            times.append(header.timestamp)
            fingerprints.append(source.picture.fingerprint)
        }
        source.packetFilter = nil
        end = source.endTimestamp
        damagedCount = damage.count + source.lostFrames
        if !damage.isEmpty || source.failures > 0 { allowsSeeking = false }
        settle(found)
    }

    private static func note(_ packet: PacketBuffer, in keys: inout [Key]) {
        guard unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 else { return }
        let identity = PacketIdentity(packet)
        guard identity.time != sora_no_timestamp() else { return }
        let isShown = unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_DISCARD == 0
        keys.append(Key(frame: 0, identity: identity, isShown: isShown))
    }

    /// Ties the key packets to the frames.
    private mutating func settle(_ found: [Key]) {
        for (time, next) in zip(times, times.dropFirst()) where next <= time { allowsSeeking = false }
        guard allowsSeeking else { return }
        for var key in found {
            key.frame = firstIndex(notBefore: key.identity.time)
            guard key.frame < times.count else { continue }
            // Of a shown key frame that never came out, nothing can be expected.
            if key.isShown, times[key.frame] != key.identity.time { continue }
            if let last = keys.last, key.frame <= last.frame { continue }
            keys.append(key)
        }
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
