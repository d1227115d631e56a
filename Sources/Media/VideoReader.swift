internal import CFFmpeg

/// Reads the frames of one video file, in order or at random, always the same ones that a decode from the start gives.
///
/// Nothing is converted that is not asked for: `advance()` decodes without touching pixels, and `read(_:)` converts only
/// the frames that are sampled, straight to the size asked for. Memory does not depend on the length of the video.
///
/// Colours become RGB by the matrix and range that the video states, and by BT.601, limited, where it states none, as
/// FFmpeg does. Transfer functions are left alone: HDR video (PQ, HLG) is not tone-mapped.
///
/// A whole file decodes to the same bytes every time. Of a damaged one, with more than one thread, FFmpeg conceals what
/// is missing by whatever its threads have ready: the pictures from the damage up to the next key frame may then differ
/// from decode to decode. One thread always gives the same.
///
/// Not thread-safe: use one reader per thread, or `FrameStream` to decode in the background.
public final class VideoReader {
    /// The file, as the caller named it.
    public let path: String
    /// What the file holds.
    public internal(set) var info: MediaInfo
    /// Threads that the decoder uses.
    public let threads: Int

    /// The decode that `advance` goes on with.
    var source: FrameSource
    /// The header of the current frame, nil before the first and after the last.
    var current: FrameHeader?
    /// Where the frames are, once random access has asked for it.
    var table: FrameTable?
    /// What the packets say of the frames, once they have been read for it; nil inside where they do not tell.
    var scan: FrameTable??
    /// Whether the packets promised other frames than came.
    var packetsMislead = false
    /// When the first frame is shown, once it has been decoded.
    var firstFrameTime: MediaTime?
    /// Whether jumping to key frames has proved to give the right frames so far.
    var trustsSeeking = true
    /// Whether the current decode did not begin at the start of the file.
    var hasJumped = false
    /// Videos with more pixels in all than this are not decoded whole to learn where their frames are.
    package var longPixels = 1.5e9
    /// Whether packets that no wanted frame needs may be left undecoded.
    package var allowsSkipping = true
    /// Packets that the last request left undecoded, of those listed.
    package var skippedPackets = 0
    private var untouched = true

    /// Notes that the current decode has gone on by other means than `advance`.
    func markTouched() throws {
        untouched = false
        current = nil
    }
    private var imageFitter: Fitter?
    private var codedFitter: Fitter?

    /// Opens a video file.
    ///
    /// - Parameters:
    ///   - path: the file, which must be a regular local file.
    ///   - threads: threads of the decoder.
    /// - Throws: `MediaError` naming the file, the cause and the remedy.
    /// - Cost: reads the header and the first frames.
    public convenience init(path: String, threads: Int = 2) throws {
        try self.init(Demuxer(path: path), threads: threads)
    }

    /// Reads a still image: PNG, JPEG, WebP and others that FFmpeg knows.
    ///
    /// - Parameters:
    ///   - picture: the file.
    ///   - resize: how it becomes the size asked for.
    /// - Returns: what can be seen of it: where the file is cut short or has errors, the frame is marked as damaged.
    /// - Throws: `MediaError`: `.unsupported` for what is no still image, a video among others.
    /// - Cost: decodes it twice.
    public static func picture(_ picture: String, resize: FrameRequest.Resize = .none) throws -> Frame {
        let reader = try VideoReader(Demuxer(path: picture, isStill: true), threads: 1)
        guard let header = try reader.advance() else {
            throw MediaError(
                .damaged, path: picture, "no picture could be decoded",
                remedy: "Open the file to see whether it is damaged, or copy it again.")
        }
        var frame = try reader.image(of: header, resize)
        // A decoder gives what it has of a picture that is cut short without a word, unless errors are to end it.
        let strict = try VideoReader(Demuxer(path: picture, isStill: true), threads: 1, isStrict: true)
        if (try? strict.advance()) == nil { frame.isDamaged = true }
        return frame
    }

    private init(_ demuxer: Demuxer, threads: Int, isStrict: Bool = false) throws {
        let info = try MediaInfo(demuxer)
        let path = demuxer.path
        self.path = path
        self.threads = threads
        self.info = info
        source = try FrameSource(demuxer: demuxer, info: info, threads: threads, isStrict: isStrict)
    }

    /// Decodes the next frame, without converting it.
    ///
    /// - Returns: its header; nil after the last frame.
    /// - Throws: `MediaError` `.damaged` or `.unsupported` where the video has not one frame that decodes.
    public func advance() throws -> FrameHeader? {
        untouched = false
        current = try source.advance()
        if let current, current.index == 0 {
            adoptFirstFrame()
            firstFrameTime = current.time
        }
        return current
    }

    /// Decodes the next frame and converts it to RGB at display size.
    ///
    /// - Returns: the frame, damaged ones included; nil after the last.
    public func next() throws -> Frame? {
        guard let header = try advance() else { return nil }
        return try image(of: header)
    }

    /// Goes back to before the first frame.
    public func rewind() throws {
        guard !untouched else { return }
        let demuxer = try Demuxer(path: path)
        source = try FrameSource(demuxer: demuxer, info: info, threads: threads)
        current = nil
        hasJumped = false
        untouched = true
    }

    /// How many frames so far are lost: their packets failed to decode, or are missing from a file that is cut short.
    public var failureCount: Int {
        source.lostFrames + (source.ending?.missingCount(in: FrameRequest(), base: source.timeBase) ?? 0)
    }

    /// The current frame as RGB at display size.
    func image(of header: FrameHeader, _ resize: FrameRequest.Resize = .none) throws -> Frame {
        let layout = try Layout(display: info.displaySize, resize: resize, crop: .none, path: path)
        let fitter = try imageFitter.flatMap { $0.layout == layout ? $0 : nil } ?? self.fitter(resize, .none)
        imageFitter = fitter
        return Frame(
            width: fitter.layout.output.width, height: fitter.layout.output.height,
            bytes: try fitter.bytes(of: source.picture), time: header.time, index: header.index,
            isKeyFrame: header.isKeyFrame, isDamaged: header.isDamaged)
    }

    /// The decoder's name, as in `libvpx-vp9`.
    package var decoderName: String { source.decoder.name }

    /// The current frame as RGB bytes of a size, neither turned nor stretched: for comparison with other decoders.
    package func codedPixels(width: Int, height: Int) throws -> [UInt8] {
        let layout = try Layout(
            display: info.codedSize, resize: .exact(width: width, height: height), crop: .none, path: path)
        let fitter =
            codedFitter.flatMap { $0.layout == layout ? $0 : nil }
            ?? Fitter(layout: layout, orientation: Orientation(), path: path)
        codedFitter = fitter
        return try fitter.bytes(of: source.picture)
    }

    /// What converts this video's pictures as asked.
    func fitter(_ resize: FrameRequest.Resize, _ crop: FrameRequest.Crop) throws -> Fitter {
        let layout = try Layout(display: info.displaySize, resize: resize, crop: crop, path: path)
        return Fitter(
            layout: layout, orientation: Orientation(rotation: info.rotation, mirrored: info.mirrored), path: path)
    }

    /// Makes sure that the size of the pictures is known, where the container does not say.
    func settleSize() throws {
        guard info.codedSize.width < 1 || info.codedSize.height < 1 else { return }
        _ = try advance()
        try rewind()
    }

    /// What the first frame knows better than the container's header.
    private func adoptFirstFrame() {
        let frame = unsafe source.picture.pointer
        if let name = unsafe av_get_pix_fmt_name(AVPixelFormat(frame.pointee.format)) {
            info.pixelFormat = unsafe String(cString: name)
            info.bitDepth = unsafe Int(sora_format_depth(frame.pointee.format))
        }
        let size = unsafe MediaInfo.Size(width: Int(frame.pointee.width), height: Int(frame.pointee.height))
        guard size != info.codedSize else { return }
        info.codedSize = size
        info.displaySize = Orientation(rotation: info.rotation, mirrored: info.mirrored)
            .apply(to: size.stretched(by: info.sampleAspectRatio))
    }
}
