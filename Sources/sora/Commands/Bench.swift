import ArgumentParser
import Foundation
import Media
import Neural
import SoraModel
import Training

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Measure how fast a preset runs here, a file becomes a vector, or a video decodes: frames/s, GFLOP/s, peak memory.",
        discussion: """
            Networks run on frames of noise; the first run is not counted. With --decode a video is decoded from its \
            first frame to its last, and nothing is converted.

            Example:
              sora bench --preset small
              sora bench --preset article --train --batch 32
              sora bench --preset resnet18 --precision bf16 --profile
              sora bench --embed clip.mp4 --preset resnet18
              sora bench --decode clip.mp4
            """)

    @Option(help: "The network and its settings (default: small).")
    var preset: Preset?

    @Flag(help: "Measure whole training steps rather than predictions.")
    var train = false

    @Option(help: "Time the decode of this video rather than a network.", completion: .file())
    var decode: String?

    @Option(help: "Time this video from its file to its embedding.", completion: .file())
    var embed: String?

    @Option(
        help:
            "Frames to take with --embed: exactly the model's, key frames and others near them (fast), or the nearest key frames (keys)."
    )
    var sampling = FrameRequest.Accuracy.exact

    @Option(help: "Clips in a batch (default: 4).")
    var batch: Int?

    @Option(help: "Frames in a clip; the preset's where not given.")
    var frames: Int?

    @Option(help: "Height and width of a frame, in pixels; the preset's where not given.")
    var size: Int?

    @Option(help: "Runs to take the median of (default: 5; 1 with --decode).")
    var runs: Int?

    @Option(help: "Go on for as many seconds at least, however many runs that makes; not with --decode.")
    var seconds: Double?

    @Option(help: "Most frames in the network at a time; chosen where not given.")
    var chunk: Int?

    @Option(help: "Threads of the decoder, with --decode.")
    var threads = 2

    @Flag(help: "Say what each step of the network takes, and by which kernel.")
    var profile = false

    @Option(
        help: "Write what the steps take to this file, for chrome://tracing or ui.perfetto.dev.", completion: .file())
    var trace: String?

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    private static let batch = 4

    func validate() throws {
        try Bounds.check("--batch", batch, 1...4096, "clips")
        try Bounds.check("--frames", frames, 1...10_000)
        try Bounds.check("--size", size, 8...4096, "pixels")
        try Bounds.check("--runs", runs, 1...10_000)
        try Bounds.check("--seconds", seconds, 0...86_400)
        try Bounds.check("--chunk", chunk, 1...1_000_000, "frames")
        try Bounds.check("--threads", threads, 1...64)
        let isOfNetwork =
            preset != nil || train || seconds != nil || batch != nil || frames != nil || size != nil || chunk != nil
            || profile
            || trace != nil
        if embed != nil, decode != nil || train || batch != nil || chunk != nil || profile || trace != nil {
            throw ValidationError(
                "--embed takes --preset, --frames, --size, --sampling, --precision, --runs and --seconds only")
        }
        if train { try compute.requireFloats() }
        if embed == nil, sampling != .exact { throw ValidationError("--sampling goes with --embed") }
        if decode != nil, isOfNetwork {
            throw ValidationError("--decode takes --runs and --threads, and none of the network's options")
        }
    }

    func run() throws {
        if let decode { return try timeDecode(decode) }
        var configuration = (preset ?? .small).configuration
        configuration.clip.frames = frames ?? configuration.clip.frames
        configuration.clip.size = size ?? configuration.clip.size
        configuration.labels = ["no", "yes"]
        try checkMemory(configuration)
        if let embed { return try timeEmbedding(embed, configuration) }
        let runs = runs ?? 5
        let progress = ProgressBar(total: runs + 1, style: Console.progressStyle, sink: Console.progress)
        if let trace { try OutputPath.requireFile(trace) }
        let model = try model(configuration)
        let backend = try train ? compute.trainingBackend() : compute.backend(for: model)
        let steps = profile || trace != nil ? Profile() : nil
        let speed = try SpeedMeasurement(
            model, trains: train, batch: batch ?? Self.batch, runs: runs, duration: seconds ?? 0, chunk: chunk,
            backend: backend,
            profile: steps
        ) { progress.show(min($0, runs + 1), "runs") }
        progress.clear()
        if let steps, let trace {
            try TextFile.write(ProfileReport(steps, runs: speed.seconds.count).trace(), to: trace)
        }
        if common.json {
            Console.result(try speed.jsonLine())
            if profile, let steps {
                for line in try ProfileReport(steps, runs: speed.seconds.count).jsonLines() { Console.result(line) }
            }
            return
        }
        let pace = String(
            format: "%.1f frames/s   %.1f GFLOP/s   %.0f MiB peak", speed.framesPerSecond, speed.gigaflopsPerSecond,
            speed.peakMemoryMiB)
        let range = String(format: "%.3f-%.3f s", speed.seconds.min() ?? 0, speed.seconds.max() ?? 0)
        Console.result(
            """
            \(speed.preset), \(speed.mode), \(speed.precision.rawValue): batch of \(counted(speed.batch, "clip")) x \(speed.frames) frames of \
            \(speed.size)x\(speed.size) pixels, \(speed.chunk) frames at a time
              \(pace)   (median of \(counted(speed.seconds.count, "run")), \(range))
            """)
        if profile, let steps { Console.result(ProfileReport(steps, runs: speed.seconds.count).text) }
    }

    private func timeDecode(_ path: String) throws {
        let runs = runs ?? 1
        let progress = ProgressBar(total: runs, style: Console.progressStyle, sink: Console.progress)
        let measurement = try DecodeMeasurement(path: path, runs: runs, threads: threads) { progress.show($0, "runs") }
        progress.clear()
        Console.result(try common.json ? measurement.jsonLine() : measurement.text)
    }

    private func timeEmbedding(_ path: String, _ configuration: ModelConfiguration) throws {
        let runs = runs ?? 5
        let progress = ProgressBar(total: runs + 1, style: Console.progressStyle, sink: Console.progress)
        let model = try model(configuration)
        let measurement = try EmbedMeasurement(
            path: path, model, sampling: sampling, runs: runs, duration: seconds ?? 0,
            backend: compute.backend(for: model)
        ) { progress.show(min($0, runs + 1), "runs") }
        progress.clear()
        Console.result(try common.json ? measurement.jsonLine() : measurement.text)
    }

    /// A model with weights by chance, and for int8 with steps that frames of noise gave.
    private func model(_ configuration: ModelConfiguration) throws -> Model {
        let model = try Model(configuration, seed: 1)
        guard compute.precision == .int8 else { return model }
        model.quantization = try quantization(of: model)
        // A model is quantised once, and not when it runs.
        SpeedMeasurement.forgetPeakMemory()
        return model
    }

    private func quantization(of model: Model) throws -> Quantization {
        let calibration = try ModelCalibration(model, backend: compute.trainingBackend())
        try calibration.observe(SpeedMeasurement.noise(model.configuration.clip.frames, model.configuration.clip))
        return try calibration.quantization(share: 1)
    }

    private func checkMemory(_ configuration: ModelConfiguration) throws {
        let network = try SoraNetwork(configuration)
        var need = MemoryNeed()
        need.add(clips: batch ?? Self.batch, of: configuration.clip)
        try need.add(weightsOf: network, trains: train)
        try need.add(activationsOf: network, clips: batch ?? Self.batch, chunk: chunk ?? 1)
        try need.check(smaller: "--batch, --frames, --size or --chunk")
    }
}
