internal import Media

/// Sees the frames of one clip go by, and gathers what is to be known of them.
struct ClipObserver {
    /// Width and height at which frames are looked at.
    static let side = 32

    let start: MediaTime?
    let end: MediaTime?
    private let digest: PictureDigest
    private var frames = 0
    private var damaged = 0
    private var first: MediaTime?
    private var last: MediaTime?
    private var timestamps: [Int64] = []
    private var lumaSum = 0.0
    private var blackFrames = 0
    /// The frame that those after it are compared with, and how many look like it.
    private var still: [UInt8] = []
    private var stillRun = 0
    private var longestRun = 0
    private var signature = ClipSignature.Builder()

    init(start: MediaTime?, end: MediaTime?, path: String) throws {
        self.start = start
        self.end = end
        digest = try PictureDigest(path: path)
    }

    /// Whether the clip is over at `time` of the video.
    func isOver(at time: MediaTime) -> Bool { end.map { time >= $0 } ?? false }

    /// Takes a frame, if it is one of the clip's.
    /// - Parameter time: counted from the video's first frame.
    mutating func observe(_ glimpse: VideoReader.Glimpse, at time: MediaTime, of reader: VideoReader) {
        guard start.map({ time >= $0 }) ?? true, !isOver(at: time) else { return }
        let begin = first ?? time
        (first, last) = (begin, time)
        frames += 1
        if glimpse.header.isDamaged { damaged += 1 }
        // Enough to judge the rate by.
        if timestamps.count < 1_000_000 { timestamps.append(glimpse.header.timestamp) }
        digest.add(reader)
        let luma = Luma.plane(of: glimpse.bytes[...])
        lumaSum += Double(luma.reduce(0) { $0 + Int($1) }) / Double(max(luma.count, 1))
        if luma.count(where: { $0 < 26 }) * 100 >= luma.count * 98 { blackFrames += 1 }
        observeStillness(luma)
        signature.add(luma, side: Self.side, seconds: time.seconds - begin.seconds)
    }

    private mutating func observeStillness(_ luma: [UInt8]) {
        var (sum, most) = (0, 0)
        if still.count == luma.count {
            for (a, b) in zip(still, luma) {
                let difference = abs(Int(a) - Int(b))
                sum += difference
                most = max(most, difference)
            }
        } else {
            most = 255
        }
        // A key frame differs from what it repeats by what encoding costs; something small that moves changes few places,
        // but those by much.
        if most <= 10, sum * 10 <= 8 * luma.count {
            stillRun += 1
        } else {
            still = luma
            stillRun = 1
        }
        longestRun = max(longestRun, stillRun)
    }

    /// What was found; nil where no frame belonged to the clip.
    /// - Parameter lost: frames of the whole file that gave no picture.
    func facts(_ info: MediaInfo, lost: Int, fileSize: Int) -> ClipFacts? {
        guard let first, let last, frames > 0 else { return nil }
        let span = last.seconds - first.seconds
        let rate = span > 0 ? Double(frames - 1) / span : 0
        let step = rate > 0 ? 1 / rate : info.averageRate.value > 0 ? 1 / info.averageRate.value : 0.04
        return ClipFacts(
            frames: frames, damagedFrames: damaged + lost, seconds: span + step, width: info.displaySize.width,
            height: info.displaySize.height, rate: rate, variableRate: MediaInfo.isVariable(timestamps),
            codec: info.codec, hasAudio: info.hasAudio, fileSize: fileSize, brightness: lumaSum / Double(frames),
            blackFrames: blackFrames, frozenFrames: longestRun, digest: digest.finish() + Self.turn(info),
            signature: signature.signature)
    }

    /// The same samples shown in another way are another clip.
    private static func turn(_ info: MediaInfo) -> String {
        (info.rotation == 0 ? "" : "-\(info.rotation)") + (info.mirrored ? "-mirrored" : "")
    }
}
