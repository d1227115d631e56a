import ArgumentParser
import Foundation
import Media
import SoraModel
import Training

struct FramesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frames",
        abstract: "Extract exactly the frames and timestamps that the network would see.",
        discussion: """
            --out names a folder (a PNG for each frame), an .npy array [frame, height, width, 3] of bytes, or a .png \
            contact sheet. Without it the frames are decoded and listed. The timestamps go beside the frames, to \
            DIR/timestamps.csv or X.npy.times.csv: index of the frame in the video, time in seconds as an exact \
            fraction and rounded, and whether the frame is damaged.

            --sampling fast takes frames near those asked for that decode faster: key frames, and frames that others \
            refer to. --sampling keys takes the nearest key frames, however far, the same one several times where there are \
            few. Both say how far off they are, in seconds.

            Example:
              sora frames clip.mp4 --out frames/
              sora frames clip.mp4 --count 8 --size 112 --out sheet.png
              sora frames clip.mp4 --every 10 --out clip.npy --json
              sora frames clip.mp4 --count 8 --sampling fast
            """)

    @Argument(help: "A video file.", completion: .file())
    var file: String

    @Option(help: "A folder, a file ending in .npy, or a contact sheet ending in .png.", completion: .file())
    var out: String?

    @Option(help: "Take frames as this model would.", completion: .file())
    var model: String?

    @Option(help: "Take frames as this preset would (the default: small).")
    var preset: Preset?

    @OptionGroup(title: "Sampling") var samples: SamplingOptions

    @Option(
        help:
            "Exactly these frames (exact), frames near them that decode faster (fast), or the nearest key frames (keys)."
    )
    var sampling = FrameRequest.Accuracy.exact

    @Option(help: "Height and width, in pixels; the model's where not given.")
    var size: Int?

    @Flag(help: "Keep the size at which the video is shown.")
    var fullSize = false

    @Option(help: "How a frame is fitted to the size.")
    var fit: ClipSpecification.Fit?

    @Option(help: "What to do about damaged frames: skip, hold or raise.")
    var damage = FrameRequest.DamagePolicy.hold

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if model != nil, preset != nil { throw ValidationError("give --model or --preset, not both") }
        if sampling != .exact, !samples.allowsFast {
            throw ValidationError(
                "--sampling \(sampling.rawValue) goes with --count, --random, --every or the model's own frames")
        }
        if fullSize, size != nil || fit != nil { throw ValidationError("give --full-size, or --size and --fit") }
        try Bounds.check("--size", size, 1...8192, "pixels")
    }

    func run() throws {
        var format = (preset ?? .small).configuration.clip
        if let model { format = try ModelArgument.read(model).configuration.clip }
        // What defines the frames is the model alone; then there are few, and as many as it takes.
        let isModels = !samples.isGiven && size == nil && !fullSize && format.specification.byteCount <= 1 << 30
        format.size = size ?? format.size
        format.specification.fit = fit ?? format.specification.fit
        var request = format.specification.evaluationRequest(
            start: samples.startTime, end: samples.endTime)
        request.sampling = samples.sampling(otherwise: request.sampling)
        request.damage = damage
        request.accuracy = sampling
        if fullSize { (request.resize, request.crop) = (.none, .none) }
        let reader = try VideoReader(path: file)
        var output = try out.map { try FrameOutputs.open($0) }
        let progress = ProgressBar(
            total: request.sampling.estimate(reader.info), style: Console.progressStyle, sink: Console.progress)
        var listing = FrameListing(path: file, out: out, accuracy: sampling)
        var held: [Frame] = []
        listing.damaged = try reader.forEachFrame(request) { frame in
            guard !isModels else {
                held.append(frame)
                return true
            }
            listing.append(frame)
            try output?.add(frame)
            progress.showAtMost(listing.frames.count)
            return true
        }
        progress.clear()
        for index in fitted(held.count, to: format.frames) {
            listing.append(held[index])
            try output?.add(held[index])
        }
        guard !listing.frames.isEmpty else {
            throw MediaError(
                .badRequest, path: file,
                samples.keyFrames
                    ? "it shows no key frame" + (samples.hasRange ? " in the part asked for" : "")
                    : "not one frame is in the part asked for, or none of it could be decoded",
                remedy: samples.keyFrames
                    ? "Take frames another way, such as --count 8."
                    : "Look at its length with 'sora probe', and ask for another part.")
        }
        try output?.finish()
        if let path = output?.timesPath { try TextFile.write(listing.csv, to: path) }
        try report(listing, timesPath: output?.timesPath)
    }

    /// Which of `count` frames the network gets: where damage has left fewer, they are repeated evenly.
    private func fitted(_ count: Int, to wanted: Int) -> [Int] {
        count == 0 ? [] : count == wanted ? Array(0..<count) : (0..<wanted).map { $0 * count / wanted }
    }

    private func report(_ listing: FrameListing, timesPath: String?) throws {
        guard !common.json else { return Console.result(try listing.jsonLine()) }
        guard let out else {
            Console.result(listing.summary)
            return listing.lines.forEach { Console.result($0) }
        }
        Console.result(listing.summary + " -> \(out)" + (timesPath.map { ", timestamps in \($0)" } ?? ""))
    }
}

extension FrameRequest.Sampling {
    /// About how many frames it takes of a video, at least 1: for a progress bar.
    fileprivate func estimate(_ info: MediaInfo) -> Int {
        let count: Double =
            switch self {
            case .uniform(let count), .random(let count, _): Double(count)
            case .times(let times): Double(times.count)
            case .rate(let rate): (info.duration?.seconds ?? 0) * rate
            case .every(let step): Double(info.frameCount ?? 0) / Double(max(step, 1))
            case .all, .keyFrames: Double(info.frameCount ?? 0)
            }
        return Int(min(max(count, 1), 1e9))
    }
}

extension ProgressBar {
    /// So much is done of a total that is an estimate: the bar is not full before the end.
    func showAtMost(_ count: Int) { if count < total { show(count) } }
}
