internal import CFFmpeg

/// A kind of file that `VideoEncoder` writes: which muxer, which encoders to look for, and how time is kept.
struct EncodingFormat {
    /// An encoder, with the options it wants.
    struct Codec {
        let name: String
        let pixelFormat: AVPixelFormat
        /// Encoders whose time base is too coarse count frames instead; the muxer still gets the exact times.
        var countsFrames = false
        /// Options of the encoder for a quality from 0 (worst) to 1 (best).
        let options: (Double) -> [(String, String)]
    }

    let muxer: String
    let codecs: [Codec]
    /// Ticks per second that the file keeps, or nil where any will do.
    let timescale: Int32?
    /// Whether the first frame is always at time zero.
    var startsAtZero = false
    var muxerOptions: [(String, String)] = []

    /// The format for a file name, by its extension.
    init(path: String) throws(MediaError) {
        let name = path.split(separator: "/").last ?? ""
        let suffix = name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
        switch suffix {
        case "mp4", "m4v": self = .mp4("mp4")
        case "mov": self = .mp4("mov")
        case "webm": self = .webm
        case "gif": self = .gif
        default:
            throw MediaError(
                .unwritable, path: path,
                suffix.isEmpty
                    ? "has no extension to tell its format" : "is of a format that is not written (.\(suffix))",
                remedy: "Name it .mp4, .mov, .webm or .gif.")
        }
    }

    private init(
        muxer: String, codecs: [Codec], timescale: Int32?, startsAtZero: Bool = false,
        muxerOptions: [(String, String)] = []
    ) {
        self.muxer = muxer
        self.codecs = codecs
        self.timescale = timescale
        self.startsAtZero = startsAtZero
        self.muxerOptions = muxerOptions
    }

    /// The encoders of this format that libavcodec has, best first; just `name` of them if given.
    func codec(named name: String?, path: String) throws(MediaError) -> (Codec, UnsafePointer<AVCodec>) {
        for codec in codecs where name == nil || codec.name == name {
            if let found = unsafe avcodec_find_encoder_by_name(codec.name) { return unsafe (codec, found) }
        }
        let names = name ?? codecs.map(\.name).joined(separator: " or ")
        throw MediaError(
            .unwritable, path: path, "the installed FFmpeg has no encoder for it (\(names))",
            remedy: "Install an FFmpeg with \(names), or write a .gif.")
    }

    private static func mp4(_ muxer: String) -> EncodingFormat {
        EncodingFormat(
            muxer: muxer,
            codecs: [
                Codec(name: "libx264", pixelFormat: AV_PIX_FMT_YUV420P) { quality in
                    [("preset", "veryfast"), ("crf", "\(40 - 30 * quality)")] + repeatableX264
                },
                Codec(name: "mpeg4", pixelFormat: AV_PIX_FMT_YUV420P, countsFrames: true) { quality in
                    let scale = Int((2 + 14 * (1 - quality)).rounded())
                    return [("qmin", "\(scale)"), ("qmax", "\(scale)")]
                },
            ],
            timescale: nil, muxerOptions: [("movflags", "+faststart")])
    }

    /// x264's AVX-512 lookahead reads what lies behind a picture's last column (seen in build 164 at widths that are
    /// no multiple of 16), so that the same frames could make another file; its AVX2 code does not.
    private static var repeatableX264: [(String, String)] {
        #if arch(x86_64)
            if av_get_cpu_flags() & AV_CPU_FLAG_AVX512 != 0 { return [("x264-params", "asm=avx2")] }
        #endif
        return []
    }

    private static var webm: EncodingFormat {
        EncodingFormat(
            muxer: "webm",
            codecs: [
                Codec(name: "libvpx-vp9", pixelFormat: AV_PIX_FMT_YUV420P) { quality in
                    [("crf", "\(Int(55 - 45 * quality))"), ("b", "0"), ("deadline", "good"), ("cpu-used", "4")]
                },
                Codec(name: "libvpx", pixelFormat: AV_PIX_FMT_YUV420P) { quality in
                    [("crf", "\(Int(50 - 45 * quality))"), ("b", "20000000"), ("deadline", "good"), ("cpu-used", "4")]
                },
            ],
            // Without it the file would carry a number drawn at random.
            timescale: 1000, muxerOptions: [("fflags", "+bitexact")])
    }

    private static var gif: EncodingFormat {
        EncodingFormat(
            muxer: "gif", codecs: [Codec(name: "gif", pixelFormat: AV_PIX_FMT_PAL8) { _ in [] }],
            timescale: 100, startsAtZero: true)
    }
}
