internal import CFFmpeg

/// A sequential decode: a container, a decoder, and the one frame that is current.
///
/// Nothing is converted or copied here; memory does not depend on the length of the video.
final class FrameSource {
    let demuxer: Demuxer
    let info: MediaInfo
    /// The current frame's picture.
    let picture: PictureBuffer
    /// Packets or frames so far that gave no picture because of errors.
    private(set) var failures = 0
    /// The library's words for the last of them.
    private(set) var lastFailure: String?
    /// What becomes of a packet.
    enum Verdict { case decode, drop, stop }
    /// Judges every packet of the video stream before it is decoded.
    var packetFilter: ((PacketBuffer) -> Verdict)?

    let timeBase: AVRational
    let decoder: Decoder
    let packet: PacketBuffer
    /// The packets, where they have been read already.
    var listed: PacketList?
    private var awaited = AwaitedTimes()
    /// Times of the frames lost to errors that `advance` passed over last, all before the frame it returned.
    private(set) var lost: [Int64] = []
    /// Shown packets read, and whether the last of them was cut off.
    private var shownPackets = 0
    private var lastIsCut = false
    private var latest: Int64?
    private var hasJumped = false
    private(set) var ending: Ending?
    /// Packets sent that should each give a frame, and frames received.
    private var expected = 0
    private var received = 0
    private(set) var sawEncryption = false
    private var draining = false
    private var finished = false
    private var failuresInARow = 0
    /// Index that the next frame gets.
    private(set) var nextIndex = 0
    /// Frames before this time are dropped: after a jump, those that refer to what was jumped over.
    private var firstTimestamp = Int64.min
    private var lastTimestamp: Int64?
    private var lastDuration: Int64 = 0

    /// A decode from the start of `demuxer`, from which nothing has been read yet.
    /// - Parameter isStrict: whether a frame with errors is none.
    init(demuxer: Demuxer, info: MediaInfo, threads: Int, isStrict: Bool = false) throws(MediaError) {
        self.demuxer = demuxer
        self.info = info
        guard let stream = unsafe demuxer.stream(info.videoStream) else {
            throw MediaError(
                .noVideo, path: demuxer.path, "it has no video", remedy: "Give a file with a video stream.")
        }
        timeBase = unsafe stream.pointee.time_base
        decoder = try unsafe Decoder(stream: stream, path: demuxer.path, threads: threads, isStrict: isStrict)
        picture = try PictureBuffer(path: demuxer.path)
        packet = try PacketBuffer(path: demuxer.path)
        // Packets of other streams are dropped by the demuxer.
        for index in 0..<demuxer.streamCount where index != info.videoStream {
            unsafe demuxer.stream(index)?.pointee.discard = AVDISCARD_ALL
        }
    }

    /// Decodes the next frame into `picture`; nil at the end.
    ///
    /// - Throws: `MediaError` `.damaged` (or `.unsupported` for encrypted video) when the video ends without one frame.
    func advance() throws(MediaError) -> FrameHeader? {
        lost = []
        if finished { return nil }
        var header: FrameHeader
        repeat {
            guard nextPicture() else {
                finished = true
                lost += awaited.settle(before: nil, failures: failures)
                if nextIndex == 0 { throw nothingDecoded() }
                return nil
            }
            failuresInARow = 0
            header = describePicture()
            let passed = awaited.settle(before: header.timestamp, failures: failures)
            // What is lost before the place jumped to was to be dropped anyway.
            lost += passed.filter { $0 >= firstTimestamp }
        } while header.timestamp < firstTimestamp
        nextIndex += 1
        received += 1
        return header
    }

    /// Frames lost to errors so far: those that failed and did not come out in some form after all.
    ///
    /// While frames are still in the decoder this may be an overestimate; at the end it is not.
    var lostFrames: Int { min(failures, max(0, expected - received)) }

    /// Whether some packets have no times, so that `lost` does not tell all.
    var hasUntimedPackets: Bool { awaited.hasUntimed }

    /// Where the last frame ends: its time plus how long it is shown.
    var endTime: MediaTime { MediaTime(endTimestamp, base: timeBase) ?? .zero }

    /// `endTime` in units of the stream's time base.
    var endTimestamp: Int64 {
        let start = lastTimestamp ?? 0
        let (end, overflow) = start.addingReportingOverflow(max(lastDuration, 0))
        return overflow ? start : end
    }

    /// Goes on at another place of the file, near `timestamp` or before it.
    ///
    /// The first frame at or after `firstTimestamp` gets the index `index`; those before it are dropped.
    func jump(near timestamp: Int64, nextIndex index: Int, firstTimestamp: Int64) -> Bool {
        let stream = Int32(clamping: info.videoStream)
        guard unsafe av_seek_frame(demuxer.context, stream, timestamp, AVSEEK_FLAG_BACKWARD) >= 0 else { return false }
        self.firstTimestamp = firstTimestamp
        decoder.flush()
        picture.clear()
        draining = false
        finished = false
        failuresInARow = 0
        nextIndex = index
        lastTimestamp = nil
        lastDuration = 0
        (expected, received) = (0, 0)
        awaited.reset(failures: failures)
        lost = []
        hasJumped = true
        latest = nil
        ending = nil
        return true
    }

    private func nextPicture() -> Bool {
        while true {
            let received = decoder.receive(into: picture)
            if received >= 0 { return true }
            if received == sora_error_end() { return false }
            if received != sora_error_again() {
                recordFailure(received)
                if failuresInARow > Limits.failuresInARow { return false }
                continue
            }
            if draining { return false }
            guard feed() else { return false }
        }
    }

    /// Sends the decoder one packet, or the end. False when the stream is to be given up.
    private func feed() -> Bool {
        while true {
            let read = listed?.read(into: packet) ?? demuxer.read(into: packet)
            if read < 0 {
                if read == sora_error_again() {
                    failuresInARow += 1
                    if failuresInARow > Limits.failuresInARow { return false }
                    continue
                }
                draining = true
                // A decoder may pass over what is left of a packet without a word.
                if lastIsCut { failures += 1 }
                ending = demuxer.ending(
                    info.videoStream, status: read, isCut: lastIsCut, latest: latest,
                    packets: hasJumped ? nil : shownPackets)
                // With threads, a failure of the last packets shows only here.
                let sent = decoder.send(nil)
                if sent < 0, sent != sora_error_again(), sent != sora_error_end() { recordFailure(sent) }
                return true
            }
            guard unsafe Int(packet.pointer.pointee.stream_index) == info.videoStream else { continue }
            // QuickTime's repeat samples hold nothing; to the decoder they would mean the end.
            guard !packet.isEmpty else { continue }
            lastIsCut = unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
            switch packetFilter?(packet) ?? .decode {
            case .decode: break
            case .drop: continue
            case .stop: return false
            }
            if received == 0, !sawEncryption {
                sawEncryption = unsafe av_packet_get_side_data(packet.pointer, AV_PKT_DATA_ENCRYPTION_INFO, nil) != nil
            }
            if unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_DISCARD == 0 {
                expected += 1
                shownPackets += 1
                let time = unsafe packet.pointer.pointee.pts
                awaited.add(time == sora_no_timestamp() ? nil : time)
                if time != sora_no_timestamp() { latest = max(latest ?? time, time) }
            }
            let sent = decoder.send(packet)
            packet.clear()
            if sent < 0, sent != sora_error_again(), sent != sora_error_end() {
                recordFailure(sent)
                if failuresInARow > Limits.failuresInARow { return false }
            }
            return true
        }
    }

    private func recordFailure(_ status: Int32) {
        failures += 1
        failuresInARow += 1
        lastFailure = describe(status: status)
    }

    /// What is known of `picture`, just decoded.
    func describePicture() -> FrameHeader {
        let frame = unsafe picture.pointer
        var timestamp = unsafe frame.pointee.best_effort_timestamp
        if timestamp == sora_no_timestamp() {
            // Raw streams carry no times: continue from the frame before at the stated rate.
            let step = lastDuration > 0 ? lastDuration : frameStep
            timestamp = lastTimestamp.map { $0.addingReportingOverflow(step).partialValue } ?? 0
        }
        lastTimestamp = timestamp
        let duration = unsafe sora_frame_duration(frame)
        lastDuration = duration > 0 ? duration : frameStep
        return FrameHeader(
            index: nextIndex, time: MediaTime(timestamp, base: timeBase) ?? .zero,
            isKeyFrame: unsafe sora_frame_is_key(frame) != 0, isDamaged: unsafe sora_frame_is_damaged(frame) != 0,
            timestamp: timestamp, duration: max(0, duration))
    }

    private var frameStep: Int64 { info.frameStep(in: timeBase) }
}
