internal import CFFmpeg
internal import Synchronization

/// Decodes runs of packets, with a decoder of its own, and converts the frames that are wanted.
///
/// Guard of `@unchecked`: one thread at a time has it.
final class RunDecoder: @unchecked Sendable {
    /// A wanted frame as bytes.
    struct Picture: Sendable {
        var header: FrameHeader
        /// RGB, crop after crop.
        var bytes: [UInt8]
    }

    private let decoder: Decoder
    private let picture: PictureBuffer
    private let timeBase: AVRational
    private let fitter: Fitter

    /// A decoder of `stream`.
    init(
        _ stream: UnsafeMutablePointer<AVStream>, path: String, threads: Int, fitter: Fitter
    ) throws(MediaError) {
        decoder = try unsafe Decoder(stream: stream, path: path, threads: threads, isStrict: false)
        picture = try PictureBuffer(path: path)
        timeBase = unsafe stream.pointee.time_base
        self.fitter = fitter
    }

    /// Decodes a run.
    ///
    /// - Parameters:
    ///   - needed: of each packet, whether it is to be decoded.
    ///   - wanted: the frames to convert.
    ///   - packet: gives a packet by its number; nil where the file has changed.
    /// - Returns: the wanted frames, in order; nil where not exactly those frames came that the plan has, or one of them
    ///   is damaged.
    func decode(
        _ run: FramePlan.Run, of plan: FramePlan, needed: [Bool], wanted: Set<Int>,
        packet: (Int) throws -> PacketBuffer?
    ) throws -> [Picture]? {
        defer { decoder.flush() }
        var pictures: [Picture] = []
        var expected = plan.frames(of: run, needed: needed)[...]
        /// Takes what the decoder has ready; false where it is not what the plan has.
        func take(atEnd: Bool) throws -> Bool {
            while true {
                let status = decoder.receive(into: picture)
                if status == sora_error_again() || status == sora_error_end() { return !atEnd || expected.isEmpty }
                guard status >= 0 else { return false }
                let frame = unsafe picture.pointer
                let timestamp = unsafe frame.pointee.best_effort_timestamp
                // What refers to pictures before the run is of no use.
                guard timestamp >= run.firstTime else { continue }
                guard let index = expected.popFirst(), plan.times[index] == timestamp,
                    unsafe sora_frame_is_damaged(frame) == 0
                else { return false }
                guard wanted.contains(index) else { continue }
                let header = FrameHeader(
                    index: index, time: MediaTime(timestamp, base: timeBase) ?? .zero,
                    isKeyFrame: unsafe sora_frame_is_key(frame) != 0, isDamaged: false, timestamp: timestamp,
                    duration: 0)
                pictures.append(Picture(header: header, bytes: try fitter.bytes(of: picture)))
            }
        }
        for number in run.packets where needed[number] {
            guard let packet = try packet(number), decoder.send(packet) >= 0, try take(atEnd: false) else { return nil }
        }
        guard decoder.send(nil) >= 0, try take(atEnd: true) else { return nil }
        return pictures
    }
}

/// Decoders for threads that decode runs side by side.
final class RunDecoders: Sendable {
    private let idle: Mutex<[RunDecoder]>

    init(_ decoders: [RunDecoder]) { idle = Mutex(decoders) }

    /// Lends a decoder to `body`; nil where all are lent.
    func lend<R>(_ body: (RunDecoder) throws -> R) rethrows -> R? {
        guard let decoder = idle.withLock({ $0.popLast() }) else { return nil }
        defer { idle.withLock { $0.append(decoder) } }
        return try body(decoder)
    }
}
