import ArgumentParser
import Foundation
import Media
import SoraModel

struct FramesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frames",
        abstract: "Extract exactly the frames and timestamps that the network would see.",
        discussion: """
            --out names a folder (a PNG for each frame), an .npy array [frame, height, width, 3], or a .png contact
            sheet. Without it the frames are decoded and listed.

            Example:
              sora frames clip.mp4 --out frames/
              sora frames clip.mp4 --count 8 --size 112 --out sheet.png
              sora frames clip.mp4 --every 10 --out clip.npy --json
            """)

    @Argument(help: "A video file.", completion: .file())
    var file: String

    @Option(help: "A folder, a file ending in .npy, or a contact sheet ending in .png.", completion: .file())
    var out: String?

    @Option(help: "Take frames as this model would.", completion: .file())
    var model: String?

    @Option(help: "Take frames as this preset would (the default: small).")
    var preset: Preset?

    @OptionGroup(title: "Sampling") var sampling: SamplingOptions

    @Option(help: "Height and width, in pixels; the model's where not given.")
    var size: Int?

    @Flag(help: "Keep the size at which the video is shown.")
    var fullSize = false

    @Option(help: "How a frame is fitted to the size: stretch, crop or letterbox.")
    var fit: ClipSpecification.Fit?

    @Option(help: "What to do about damaged frames: skip, hold or raise.")
    var damage = FrameRequest.DamagePolicy.hold

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if model != nil, preset != nil { throw ValidationError("give --model or --preset, not both") }
        if let size, size < 1 { throw ValidationError("--size must be positive") }
    }

    func run() throws {
        var format = (preset ?? .small).configuration.clip
        if let model { format = try Model(reading: model).configuration.clip }
        format.size = size ?? format.size
        format.specification.fit = fit ?? format.specification.fit
        var request = format.specification.evaluationRequest(
            start: sampling.startTime, end: sampling.endTime)
        request.sampling = sampling.sampling(otherwise: request.sampling)
        request.damage = damage
        if fullSize { (request.resize, request.crop) = (.none, .none) }
        let reader = try VideoReader(path: file)
        guard let out else { return try list(reader, request) }
        let frames = try reader.read(request)
        try export(frames, to: out)
        if common.json {
            Console.result(try Listing(file: file, frames: frames, out: out).jsonLine())
        } else {
            Console.result(frames.summary + " -> \(out)")
        }
    }

    /// Decodes without keeping or writing anything.
    private func list(_ reader: VideoReader, _ request: FrameRequest) throws {
        var listing = Listing(file: file)
        listing.damaged = try reader.forEachFrame(request) { frame in
            listing.height = frame.height
            listing.width = frame.width
            listing.frames.append(
                Listing.Frame(
                    index: frame.index, time: frame.time, seconds: frame.time.seconds,
                    damaged: frame.isDamaged ? true : nil))
            return true
        }
        guard !common.json else { return Console.result(try listing.jsonLine()) }
        Console.result(
            "\(file): \(listing.frames.count) frames of \(listing.width)x\(listing.height), "
                + "\(listing.damaged) damaged")
        for frame in listing.frames {
            Console.result(
                "  frame \(frame.index)".padded(16) + String(format: "%10.4f s  ", frame.seconds)
                    + "\(frame.time)" + (frame.damaged == true ? "  damaged" : ""))
        }
    }

    private func export(_ frames: Frames, to out: String) throws {
        switch URL(fileURLWithPath: out).pathExtension.lowercased() {
        case "npy":
            try NumPyFile.write(frames.bytes, shape: [frames.count, frames.height, frames.width, 3], to: out)
        case "png":
            try frames.contactSheet().writePNG(to: out)
        default:
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            for index in 0..<frames.count {
                try frames.writePNG(index, to: "\(out)/frame-" + String(format: "%05d", index) + ".png")
            }
        }
    }

    private struct Listing: Encodable {
        struct Frame: Encodable {
            var index: Int
            var time: MediaTime
            var seconds: Double
            var damaged: Bool?
        }
        var path: String
        var height = 0
        var width = 0
        var damaged = 0
        var out: String?
        var frames: [Frame] = []

        init(file: String) { path = file }

        init(file: String, frames: Frames, out: String) {
            path = file
            (height, width, damaged) = (frames.height, frames.width, frames.damagedCount)
            self.out = out
            self.frames = zip(frames.indices, frames.times).map {
                Frame(index: $0, time: $1, seconds: $1.seconds)
            }
        }
    }
}

extension Frames {
    /// `16 frames of 112x112, 0.042-1.958 s`
    fileprivate var summary: String {
        guard let first = times.first, let last = times.last else { return "no frames" }
        return "\(count) frames of \(width)x\(height), "
            + String(format: "%.3f-%.3f s", first.seconds, last.seconds)
            + (damagedCount > 0 ? ", \(damagedCount) damaged" : "")
    }
}
