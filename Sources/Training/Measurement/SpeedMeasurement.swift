import Foundation
public import Neural
public import SoraModel

/// How fast a network runs on this machine, on frames of noise: what `sora bench` prints.
public struct SpeedMeasurement: Sendable, Codable {
    /// The preset measured.
    public var preset: String
    /// `inference` or `training`.
    public var mode: String
    /// How images were stored.
    public var precision: Precision
    /// Clips in a batch.
    public var batch: Int
    /// Frames in a clip.
    public var frames: Int
    /// Height and width of a frame.
    public var size: Int
    /// Frames in the network at a time.
    public var chunk: Int
    /// Frames per second: the median of the runs.
    public var framesPerSecond: Double
    /// Seconds of each run, in order.
    public var seconds: [Double]
    /// Useful multiplications and additions per second, in units of 10^9; a training step counts three times the
    /// forward pass, and what is computed twice to save memory counts once.
    public var gigaflopsPerSecond: Double
    /// The most memory the process has held, in MiB.
    public var peakMemoryMiB: Double

    /// Measures `runs` runs after one that is not counted.
    ///
    /// - Parameters:
    ///   - duration: seconds that the runs take at least, however many that makes: what else the machine does comes and goes.
    ///   - trains: whole training steps with Adam, rather than predictions.
    ///   - chunk: most frames in the network at a time; chosen by the network where nil.
    ///   - profile: gathers what each step takes, in all runs but the first.
    ///   - observe: told after each run how many are done, the one that is not counted among them.
    /// - Throws: whatever the network throws.
    public init(
        _ model: Model, trains: Bool, batch: Int, runs: Int, duration: Double = 0, chunk: Int? = nil,
        backend: OneDNNBackend, profile: Profile? = nil, observe: (Int) -> Void = { _ in }
    ) throws {
        precision = backend.precision
        let backend: any Backend = profile.map { ProfilingBackend(backend, into: $0) } ?? backend
        let configuration = model.configuration
        let clip = configuration.clip
        let count = batch * clip.frames
        let bytes = Self.noise(count, clip)
        let run: () throws -> Void
        if trains {
            let step = try TrainingStep(model: model, loss: LossFunction(), backend: backend, chunk: chunk)
            self.chunk = min(step.chunk, count)
            let optimizer = try Optimizer(.adam(), for: model.parameters)
            let outputs = configuration.head.outputs(labels: configuration.labels.count)
            let targets = [Float](repeating: 1 / Float(outputs), count: batch * outputs)
            run = {
                _ = try step.run(frames: bytes, targets: targets, clips: batch, seed: 3)
                try optimizer.step(parameters: model.parameters, gradients: step.gradients, learningRate: 1e-4)
            }
        } else {
            let predictor = try Predictor(model, backend: backend, maximumChunk: chunk)
            self.chunk = predictor.chunk
            run = { _ = try predictor.predict(bytes, clips: batch) }
        }
        seconds = try Timing.seconds(
            runs: runs, duration: duration,
            observe: { done in
                if done == 1 { profile?.reset() }
                observe(done)
            }, of: run)
        let median = seconds.sorted()[seconds.count / 2]
        preset = configuration.preset
        mode = trains ? "training" : "inference"
        self.batch = batch
        frames = clip.frames
        size = clip.size
        framesPerSecond = Double(count) / median
        let operations = try ModelSummary(model.network).operationsPerFrame * (trains ? 3 : 1)
        gigaflopsPerSecond = framesPerSecond * Double(operations) / 1e9
        peakMemoryMiB = Self.peakMemory
    }

    /// The bytes of `count` frames of noise: the same each time.
    public static func noise(_ count: Int, _ clip: ClipFormat) -> [UInt8] {
        var random = SeededRandom(seed: 7)
        return (0..<count * clip.size * clip.size * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// Lets `peakMemory` count from now on, where the system can (Linux).
    public static func forgetPeakMemory() {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        try? file.write(contentsOf: Data("5".utf8))
        try? file.close()
    }

    /// The most memory this process has held resident, in MiB.
    public static var peakMemory: Double {
        // On Linux what `getrusage` says counts from before the program was loaded: it holds what the process that started
        // it had.
        if let status = FileManager.default.contents(atPath: "/proc/self/status"),
            let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first(where: {
                $0.hasPrefix("VmHWM:")
            }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        {
            return kibibytes / 1024
        }
        var usage = rusage()
        #if os(Linux)
            let (own, unit) = (__rusage_who_t(RUSAGE_SELF.rawValue), 1024.0)
        #else
            let (own, unit) = (RUSAGE_SELF, 1_048_576.0)
        #endif
        guard unsafe getrusage(own, &usage) == 0 else { return 0 }
        return Double(usage.ru_maxrss) / unit
    }
}
