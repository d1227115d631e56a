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
    /// The model in training: its weights change at every step.
    public let model: Model
    /// How it is trained.
    public let options: TrainingOptions
    private let data: TrainingData
    private let output: String
    private let backend: any Backend
    private let step: TrainingStep
    private let optimizer: Optimizer
    private let average: WeightAverage?
    /// Holds the averaged weights while they are evaluated; the model itself where none are kept.
    private let judged: Model
    private var state = TrainingState()
    private let evaluator: Evaluator
    /// The frames' vectors, where the frame network stays as it is.
    private let frozen: FrozenFeatures?

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
        self.model = model
        self.options = options
        self.data = data
        self.output = output
        self.backend = backend
        let weights = options.balancesClasses ? data.balancingWeights(head: model.configuration.head) : nil
        let loss = LossFunction(classWeights: weights, labelSmoothing: options.labelSmoothing)
        step = try TrainingStep(model: model, loss: loss, backend: backend, chunk: options.chunk)
        let (backbone, stages) = (model.configuration.backbone, model.configuration.backbone.stages.count)
        optimizer = try Optimizer(options.optimizer, for: model.parameters) { name in
            backbone.stage(of: name).map { (0..<stages - $0).reduce(1) { rate, _ in rate * options.stageRate } } ?? 1
        }
        average = try options.averageDecay.map { try WeightAverage(decay: $0, for: model.parameters) }
        judged =
            average == nil
            ? model : try Model(model.configuration, seed: options.seed, frozenStages: options.frozenStages)
        judged.temperature = nil
        evaluator = try Evaluator(judged, backend: backend)
        frozen =
            try model.network.isFrameNetworkFrozen
            ? FrozenFeatures(
                model, data: data, views: options.views, budget: data.loader.resources.cacheBudget, backend: backend)
            : nil
        if resumes { try resume() }
    }

    private func resume() throws {
        let path = Checkpoint.path(besides: output)
        let file = try SafetensorsFile(reading: path)
        let checkpoint = try Checkpoint(file, path: path)
        try checkpoint.requireResumable(path: path, model: model, options: options, data: data)
        try Checkpoint.restore(file, into: model, optimizer: optimizer, average: average)
        try checkpoint.requireSteps(of: optimizer, data: data, path: path)
        state = checkpoint.state
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
            frozen?.trainingBatches(epoch: epoch, size: size, startingAt: first)
            ?? AnySequence(data.trainingBatches(epoch: epoch, size: size, startingAt: first))
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
        let targets = head.targets(batch.labels, labels: model.configuration.labels.count)
        let seed = options.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        let outcome =
            if let frozen {
                try step.run(
                    features: frozen.features(of: batch, epoch: state.epoch), targets: targets, clips: batch.count,
                    seed: seed)
            } else {
                try step.run(frames: batch.frames, targets: targets, clips: batch.count, seed: seed)
            }
        let norm = step.gradients.norm
        guard outcome.loss.isFinite, norm.isFinite else {
            throw diverged("loss", "step \(batch.step + 1)")
        }
        let scale = options.gradientLimit.map { ParameterBuffer.clippingScale(norm: norm, limit: $0) } ?? 1
        try optimizer.step(
            parameters: model.parameters, gradients: step.gradients, learningRate: rate, gradientScale: scale)
        try average?.update(with: model.parameters)
        state.sums.loss += Double(outcome.loss) * Double(batch.count)
        state.sums.correct += head.correct(outcome.logits, labels: batch.labels)
        state.sums.clips += batch.count
    }

    /// Evaluates the epoch, writes what is to be kept, and moves on to the next.
    private func conclude() throws -> EpochRecord {
        if let average { try judged.parameters.copy(from: average.average) }
        try requireFiniteWeights()
        let judgements = try data.hasValidation ? judgeValidation() : nil
        guard judgements?.allSatisfy({ $0.probabilities.allSatisfy(\.isFinite) }) ?? true else {
            throw diverged("validation loss", "after its last step")
        }
        let validation = try judgements.map(evaluator.measure)
        let steps = data.stepsPerEpoch(batchSize: options.batchSize)
        let rate = LearningRateCourse(options, stepsPerEpoch: steps).rate(at: (state.epoch + 1) * steps - 1)
        let (record, isBest) = state.conclude(validation: validation, learningRate: rate)
        if isBest {
            // For the file only: epochs are compared by the loss of the outputs as they are.
            judged.temperature = judgements.flatMap(evaluator.temperature)
            defer { judged.temperature = nil }
            try judged.write(to: output)
        }
        try save()
        return record
    }

    private func judgeValidation() throws -> [Evaluator.Judgement] {
        guard let frozen else { return try evaluator.judge(data.validationBatches(size: options.batchSize)) }
        return try evaluator.judge(
            frozen.validationBatches(size: options.batchSize), features: { try frozen.features(of: $0, epoch: nil) })
    }

    private func save() throws {
        try requireFiniteWeights()
        state.note(data.clipFailures)
        let checkpoint = Checkpoint(
            configuration: model.configuration, options: options, state: state, dataFingerprint: data.fingerprint)
        try checkpoint.write(
            to: Checkpoint.path(besides: output), model: model, optimizer: optimizer, average: average)
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
