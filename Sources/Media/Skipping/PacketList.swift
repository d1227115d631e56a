internal import CFFmpeg

/// All packets of a video, read once, in the order of decoding.
///
/// The packets of a small file are kept, so that it is read only once however it is then decoded; of a large one only
/// what is known of each.
/// Guard of `@unchecked`: once it is made, only the place changes from which one thread goes on reading.
final class PacketList: @unchecked Sendable {
    /// What is known of a packet.
    struct Entry {
        /// When its frame is shown, in units of the stream's time base.
        var time: Int64
        /// Bytes.
        var size: Int32
        /// Whether decoding can start here.
        var isKey: Bool
        /// Whether its frame is shown (not hidden by an edit list).
        var isShown: Bool
        var verdict: PictureSyntax.Verdict
    }

    /// Bytes of packets, and of what belongs to each, that are kept.
    private static let budget = 64 << 20
    /// Bytes that a packet takes beside its own.
    private static let overhead = 512

    /// In the order of decoding.
    private(set) var entries: [Entry] = []
    /// Whether each packet has a time and gives one frame, and nothing is cut off, marked as damaged, or missing.
    private(set) var isRegular = true
    /// Whether the packets are kept.
    private(set) var isKept: Bool
    private var kept: [PacketBuffer] = []
    private var status: Int32 = 0
    private var place = 0

    /// Reads what is left of the video stream, which should be all of it.
    init(_ demuxer: Demuxer, stream index: Int, syntax: PictureSyntax) throws(MediaError) {
        isKept = (0...Int64(Self.budget)).contains(demuxer.fileSize)
        var keptBytes = 0
        var packet = try PacketBuffer(path: demuxer.path)
        var (retries, shown, isCut) = (0, 0, false)
        var latest: Int64?
        while true {
            status = demuxer.read(into: packet)
            if status == sora_error_again(), retries < Limits.failuresInARow {
                retries += 1
                continue
            }
            if status < 0 { break }
            let raw = unsafe packet.pointer
            guard unsafe Int(raw.pointee.stream_index) == index, !packet.isEmpty else { continue }
            let flags = unsafe raw.pointee.flags
            isCut = flags & AV_PKT_FLAG_CORRUPT != 0
            let entry = Entry(
                time: unsafe raw.pointee.pts, size: unsafe raw.pointee.size, isKey: flags & AV_PKT_FLAG_KEY != 0,
                isShown: flags & AV_PKT_FLAG_DISCARD == 0, verdict: syntax.judge(packet))
            if entry.isShown { shown += 1 }
            let isTimed = entry.time != sora_no_timestamp()
            if isTimed, entry.isShown { latest = max(latest ?? entry.time, entry.time) }
            let isOdd = isCut || !isTimed || !entry.verdict.isOnePicture || packet.changesSettings
            if isOdd || syntax.isIntraOnly && !entry.isKey { isRegular = false }
            entries.append(entry)
            guard isKept else { continue }
            kept.append(packet)
            packet = try PacketBuffer(path: demuxer.path)
            keptBytes += Int(entry.size) + Self.overhead
            if keptBytes > Self.budget { (isKept, kept) = (false, []) }
        }
        let ending = demuxer.ending(index, status: status, isCut: isCut, latest: latest, packets: shown)
        if !ending.missing.isEmpty || ending.untimed > 0 { isRegular = false }
    }

    /// Gives the kept packets again, one after the other, and then what ended the reading.
    func read(into packet: PacketBuffer) -> Int32 {
        guard place < kept.count else { return status }
        place += 1
        return kept[place - 1].copy(to: packet)
    }

    /// Packet `number`, where packets are kept.
    func packet(_ number: Int) -> PacketBuffer? { kept.indices.contains(number) ? kept[number] : nil }
}

extension PacketBuffer {
    /// Whether it brings the decoder other settings than the stream's own.
    fileprivate var changesSettings: Bool {
        [AV_PKT_DATA_NEW_EXTRADATA, AV_PKT_DATA_PARAM_CHANGE].contains { kind in
            unsafe av_packet_get_side_data(pointer, kind, nil) != nil
        }
    }

    /// Makes `other` share this packet's data.
    fileprivate func copy(to other: PacketBuffer) -> Int32 {
        unsafe av_packet_unref(other.pointer)
        return unsafe av_packet_ref(other.pointer, pointer)
    }
}
