import ArgumentParser
import Media
import Neural
import SoraModel
import Training

/// Which part of each file a model is to see, and how closely.
struct InputOptions: ParsableArguments {
    @Option(help: "Start of the part of each file to use, in seconds.")
    var start: Double?

    @Option(help: "End of the part of each file to use, in seconds.")
    var end: Double?

    @Option(help: "What to do about damaged frames: skip, hold or raise.")
    var damage = FrameRequest.DamagePolicy.hold

    @OptionGroup var compute: ComputeOptions

    @Option(
        help: """
            Exactly the model's frames (exact), key frames and others near them that decode faster (fast), or the nearest \
            key frames however far, which tells what is seen but not what happens (keys).
            """)
    var sampling = FrameRequest.Accuracy.exact

    @Option(
        help:
            "Frames that differ from the last one in the network by no more than this take over its vector: mean of 0...255."
    )
    var reuse: Double?

    @Flag(help: "Work each file out in full as well, and show the cosine of the two embeddings.")
    var compare = false

    func validate() throws {
        try Bounds.check(start: start, end: end)
        try Bounds.check("--reuse", reuse, 0...255)
        if compare, reuse == nil, sampling == .exact {
            throw ValidationError(
                "--compare is for --sampling fast or keys and --reuse: without them all is worked out in full")
        }
    }

    /// Runs `model` over `files` and calls `body` with each outcome; a file that fails is reported and passed over.
    /// - Parameter classifier: what gives the probabilities; the model's own head where nil.
    /// - Throws: `ExitCode.failure` at the end if any failed.
    func predict(
        _ model: Model, classifier: ClipClassifier? = nil, files: [String], json: Bool,
        _ body: (FilePredictor.Outcome) throws -> Void
    ) throws {
        if reuse != nil, model.configuration.motion != nil {
            throw ModelError(
                .input, "the model is shown motion, so a frame's vector says how it changed: leave out --reuse")
        }
        let backend = try compute.backend(for: model)
        var predictor = FilePredictor(format: model.configuration.clip) {
            try Predictor(model, backend: backend, classifier: classifier)
        }
        predictor.damage = damage
        predictor.start = start.map { MediaTime(seconds: $0) }
        predictor.end = end.map { MediaTime(seconds: $0) }
        (predictor.accuracy, predictor.reuse, predictor.comparesWithFull) = (sampling, reuse, compare)
        var failed = 0
        let progress = ProgressBar(total: files.count, style: Console.progressStyle, sink: Console.progress)
        try predictor.predict(files) { file, outcome in
            progress.clear()
            switch outcome {
            case .success(let outcome): try body(outcome)
            case .failure(let error):
                failed += 1
                try FileBatch.report(error, file: file, json: json)
            }
            progress.advance()
        }
        progress.clear()
        try FileBatch.conclude(failed: failed, of: files.count)
    }
}
