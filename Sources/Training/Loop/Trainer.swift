import Datasets
public import Neural
public import SoraModel

/// Trains a model on the clips of a manifest.
///
/// The best weights are written to the model file after every epoch that betters the validation (after every epoch
/// without validation clips), with the temperature that makes their probabilities of the validation clips what they say;
/// the run's whole state to the checkpoint beside it after every epoch and at an interruption. Both are written under a
/// temporary name first. Not for use from two threads at once.
public final class Trainer {
    /// How it is trained.
    public let options: TrainingOptions
    private let data: TrainingData
    private let output: String
    private let backend: any Backend
    private var phase: TrainingPhase
    private var state = TrainingState()
    private let balance: ClassBalance
    /// Of training without labels.
    private var queue: EmbeddingQueue?

    /// The model in training: its weights change at every step. Another one once stages have thawed.
    public var model: Model { phase.model }

    /// - Parameters:
    ///   - output: path of the model file.
    ///   - resumes: goes on from the checkpoint beside `output`.
    /// - Throws: `TrainingError` if the options or the data make no sense, or the checkpoint is of another run.
    public init(
        model: Model, data: TrainingData, options: TrainingOptions, output: String, resumes: Bool = false,
        backend: any Backend
    ) throws {
        try options.validate()
        guard model.network.frozenStages == options.frozenStages else {
            throw TrainingError(
                .options,
                "the model was made with \(model.network.frozenStages) frozen stages, "
                    + "and \(options.frozenStages) are asked for")
        }
        self.options = options
        self.data = data
        self.output = output
        self.backend = backend
        balance = data.balance(options.balance, head: model.configuration.head)
        phase = try TrainingPhase(model: model, data: data, options: options, backend: backend)
        queue = try options.contrast.map {
            let summary = try ModelSummary(model.network)
            return EmbeddingQueue(capacity: $0.queue, size: summary.embeddingSize)
        }
        if resumes { try resume() }
    }

    /// Where the checkpoint of a run that writes its model to `output` is.
    public static func checkpointPath(besides output: String) -> String { Checkpoint.path(besides: output) }

    private func resume() throws {
        let path = Checkpoint.path(besides: output)
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(reading: path)
        } catch let error as NeuralError {
            throw TrainingError(.checkpoint, "\(error). Nothing can be gone on with: start the run without --resume")
        }
        let checkpoint = try Checkpoint(file, path: path)
        try checkpoint.requireResumable(path: path, model: model, options: options, data: data)
        try thaw(to: options.frozenStages(in: checkpoint.state.epoch))
        try Checkpoint.restore(file, into: model, optimizer: phase.optimizer, average: phase.average)
        try queue?.restore(from: file)
        try checkpoint.requireSteps(of: phase.optimizer, data: data, path: path)
        state = checkpoint.state
    }

    /// Goes on with fewer frozen stages, from the same weights.
    private func thaw(to stages: Int) throws {
        guard stages != model.network.frozenStages else { return }
        let thawed = try Model(model.configuration, seed: options.seed, frozenStages: stages)
        for parameter in model.parameters.parameters {
            try thawed.parameters.set(parameter.name, to: model.parameters.tensor(parameter.name))
        }
        phase = try TrainingPhase(model: thawed, data: data, options: options, backend: backend)
    }

    /// Trains to the end, or until interrupted.
    ///
    /// - Parameters:
    ///   - isInterrupted: asked after each step; on true the run's state is saved and the call returns.
    ///   - observe: told of each step and epoch.
    /// - Throws: `TrainingError.diverged` if a loss or the weights are no longer numbers (the files stay as they were
    ///   last written), and whatever decoding or writing throws.
    @discardableResult
    public func run(
        isInterrupted: () -> Bool = { false }, observe: (TrainingEvent) -> Void = { _ in }
    ) throws -> TrainingResult {
        while state.epoch < options.epochs, !isExhausted {
            guard try runEpoch(isInterrupted, observe) else {
                try save()
                return result(.interrupted)
            }
            let record = try conclude()
            observe(.epochEnded(record))
            // The epoch's last step may have been the one at which it was asked to stop.
            if state.epoch < options.epochs, !isExhausted, isInterrupted() { return result(.interrupted) }
        }
        return result(isExhausted && state.epoch < options.epochs ? .exhausted : .finished)
    }

    /// Finished epochs, those before a resumption included.
    public var history: [EpochRecord] { state.history }

    private var isExhausted: Bool { options.patience.map { state.epochsSinceBest >= $0 } ?? false }

    /// - Returns: false if it was interrupted.
    private func runEpoch(_ isInterrupted: () -> Bool, _ observe: (TrainingEvent) -> Void) throws -> Bool {
        let steps = data.stepsPerEpoch(batchSize: options.batchSize)
        let course = LearningRateCourse(options, stepsPerEpoch: steps)
        observe(.epochBegan(epoch: state.epoch + 1, of: options.epochs, steps: steps))
        let (epoch, size, first) = (state.epoch, options.batchSize, state.step)
        let batches =
            if let frozen = phase.frozen {
                frozen.trainingBatches(epoch: epoch, size: size, startingAt: first)
            } else if let contrast = options.contrast {
                AnySequence(data.pairs(epoch: epoch, size: size, startingAt: first, plays: contrast.plays))
            } else {
                AnySequence(
                    data.trainingBatches(
                        epoch: epoch, size: size, startingAt: first, isBalanced: balance == .sampling))
            }
        var start = ContinuousClock.now
        for batch in batches {
            let number = epoch * steps + batch.step
            try take(batch, number: number, rate: course.rate(at: number))
            let now = ContinuousClock.now
            state.sums.seconds += (now - start) / .seconds(1)
            start = now
            state.step = batch.step + 1
            observe(
                .stepEnded(
                    step: state.step, of: steps, loss: state.sums.meanLoss, accuracy: state.sums.accuracy))
            if isInterrupted(), state.step < steps { return false }
        }
        guard state.sums.clips > 0 else {
            state.note(data.clipFailures)
            let reason = state.failures.first?.reason ?? "none reported"
            throw TrainingError(.data, "no training clip could be decoded; the first failure: \(reason)")
        }
        return true
    }

    /// One step of the optimiser.
    private func take(_ batch: ClipBatch, number: Int, rate: Double) throws {
        let head = model.configuration.head
        var targets = head.targets(batch.labels, labels: model.configuration.labels.count)
        let seed = options.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        let (clips, step) = (batch.count, phase.step)
        let size = phase.frozen == nil ? (batch.height, batch.width) : nil
        let mixture =
            options.contrast == nil
            ? BatchMixture(options.augmentation, size: size, seed: options.seed, step: number) : nil
        if let mixture { targets = mixture.blend(targets, clips: clips) }
        let outcome: TrainingStep.Outcome
        if let frozen = phase.frozen {
            var features = try frozen.features(of: batch, isTraining: true)
            if let mixture { features = mixture.blend(features, clips: clips) }
            outcome = try step.run(features: features, targets: targets, clips: clips, seed: seed)
        } else {
            let frames =
                mixture?.blend(batch.frames, clips: clips, height: batch.height, width: batch.width) ?? batch.frames
            let pairs = batch.clipIndices.prefix(clips / 2)
            outcome = try step.run(
                frames: frames, targets: targets, clips: clips, seed: seed, further: queue?.inputs(pairs) ?? [:])
            queue?.append(outcome.embeddings, of: pairs)
        }
        let norm = step.gradients.norm
        guard outcome.loss.isFinite, norm.isFinite else {
            throw diverged("loss", "step \(batch.step + 1)")
        }
        let scale = options.gradientLimit.map { ParameterBuffer.clippingScale(norm: norm, limit: $0) } ?? 1
        try phase.optimizer.step(
            parameters: model.parameters, gradients: step.gradients, learningRate: rate, gradientScale: scale)
        try phase.average?.update(with: model.parameters)
        state.sums.loss += Double(outcome.loss) * Double(batch.count)
        state.sums.correct += head.correct(outcome.logits, labels: batch.labels)
        state.sums.clips += batch.count
    }

    /// Evaluates the epoch, writes what is to be kept, and moves on to the next.
    private func conclude() throws -> EpochRecord {
        if let average = phase.average { try phase.judged.parameters.copy(from: average.average) }
        try requireFiniteWeights()
        let judgements = try data.hasValidation ? judgeValidation() : nil
        guard judgements?.allSatisfy({ $0.probabilities.allSatisfy(\.isFinite) }) ?? true else {
            throw diverged("validation loss", "after its last step")
        }
        let validation = try judgements.map(phase.evaluator.measure)
        let steps = data.stepsPerEpoch(batchSize: options.batchSize)
        let rate = LearningRateCourse(options, stepsPerEpoch: steps).rate(at: (state.epoch + 1) * steps - 1)
        let (record, isBest) = state.conclude(validation: validation, learningRate: rate)
        if isBest {
            let judged = phase.judged
            // For the file only: epochs are compared by the loss of the outputs as they are.
            judged.temperature = judgements.flatMap(phase.evaluator.temperature)
            defer { judged.temperature = nil }
            try judged.write(to: output)
        }
        try thaw(to: options.frozenStages(in: state.epoch))
        try save()
        return record
    }

    private func judgeValidation() throws -> [Evaluator.Judgement] {
        guard let frozen = phase.frozen else {
            return try phase.evaluator.judge(data.validationBatches(size: options.batchSize))
        }
        return try phase.evaluator.judge(
            frozen.validationBatches(size: options.batchSize),
            features: { try frozen.features(of: $0, isTraining: false) })
    }

    private func save() throws {
        try requireFiniteWeights()
        state.note(data.clipFailures)
        let checkpoint = Checkpoint(
            configuration: model.configuration, options: options, state: state, dataFingerprint: data.fingerprint)
        try checkpoint.write(
            to: Checkpoint.path(besides: output), model: model, optimizer: phase.optimizer, average: phase.average,
            further: queue?.state() ?? [:])
    }

    /// The last step may have spoilt the weights, or the running statistics, where its own loss was still a number.
    private func requireFiniteWeights() throws {
        let kept = model.parameters.parameters.lazy.filter { !$0.isTrainable }
        let isFinite = try kept.allSatisfy { try model.parameters.tensor($0.name).floats.allSatisfy(\.isFinite) }
        guard isFinite, model.parameters.norm.isFinite else {
            throw diverged("length of the weights", "step \(state.step)")
        }
    }

    private func diverged(_ what: String, _ place: String) -> TrainingError {
        TrainingError(
            .diverged,
            "the \(what) is no longer a number (epoch \(state.epoch + 1), \(place)); what was saved before it is kept: "
                + "train with a lower --learning-rate")
    }

    private func result(_ end: TrainingResult.End) -> TrainingResult {
        TrainingResult(
            end: end, history: state.history, bestEpoch: state.best?.epoch, output: output,
            failures: state.failures.map { ($0.path, $0.reason) })
    }
}
