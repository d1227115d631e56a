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
    private(set) var damage: Set<Int> = []
    /// Times of frames lost to errors, as far as known.
    private(set) var lost: [Int64] = []
    /// Frames lost at times that are not known.
    private(set) var lostSomewhere = 0
    /// How the file ended.
    private(set) var ending: Ending?
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
        var isCut = false
        var latest: Int64?
        // How long a frame is shown of which the container does not say.
        let step = unsafe demuxer.stream(info.videoStream).map { unsafe info.frameStep(in: $0.pointee.time_base) } ?? 1
        while true {
            let status = demuxer.read(into: packet)
            if status == sora_error_again(), retries < 1000 {
                retries += 1
                continue
            }
            if status < 0 {
                ending = demuxer.ending(
                    info.videoStream, status: status, isCut: isCut, latest: latest, packets: times.count)
                break
            }
            let raw = unsafe packet.pointer
            guard unsafe Int(raw.pointee.stream_index) == info.videoStream, !packet.isEmpty else { continue }
            isCut = unsafe raw.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
            let isShown = unsafe raw.pointee.flags & AV_PKT_FLAG_DISCARD == 0
            let time = unsafe raw.pointee.pts
            if isShown {
                guard time != sora_no_timestamp() else { return nil }
                times.append(time)
                let length = unsafe raw.pointee.duration
                let (after, overflow) = time.addingReportingOverflow(length > 0 ? length : step)
                if latest.map({ time > $0 }) ?? true { (latest, end) = (time, overflow ? time : after) }
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
            lost += source.lost
        }
        source.packetFilter = nil
        end = source.endTimestamp
        lost += source.lost
        ending = source.ending
        if source.hasUntimedPackets { lostSomewhere = source.lostFrames }
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
}
