/// Shows a run as Keras does: `Epoch 3/10`, then a line that grows with the steps, then the epoch's figures.
///
/// Not for use from two threads at once.
public final class TrainingProgress {
    private let style: ProgressStyle
    private let clock: ProgressClock
    private let sink: (String) -> Void
    private var steps = 0
    /// Steps that another run had done of the epoch, and when this one began; the pace is taken from there.
    private var begun: (step: Int, time: Double)?
    private var shown: Double?
    private var epochStart = 0.0

    /// - Parameter sink: gets the text as it is to be written, line ends included.
    public init(
        style: ProgressStyle, clock: @escaping ProgressClock = monotonicSeconds, sink: @escaping (String) -> Void
    ) {
        self.style = style
        self.clock = clock
        self.sink = sink
    }

    /// Shows what happened; to be handed to `Trainer.run`.
    public func observe(_ event: TrainingEvent) {
        switch event {
        case .epochBegan(let epoch, let count, let steps):
            self.steps = steps
            begun = nil
            shown = nil
            epochStart = clock()
            sink("Epoch \(epoch)/\(count)\n")
        case .stepEnded(let step, let count, let loss, let accuracy): show(step, count, loss, accuracy)
        case .epochEnded(let record): conclude(record)
        }
    }

    private func show(_ step: Int, _ count: Int, _ loss: Double, _ accuracy: Double) {
        let now = clock()
        let begun = begun ?? (step - 1, epochStart)
        self.begun = begun
        // A plain line says nothing in the first moments that the epoch's own would not say soon.
        guard
            now - (shown ?? (style.isPlain ? epochStart : -.infinity)) >= style.interval
                || (step == count && !style.isPlain)
        else { return }
        shown = now
        let left = (now - begun.time) / Double(max(step - begun.step, 1)) * Double(count - step)
        let tail =
            " - ETA: \(ProgressStyle.time(left))"
            + " - loss: \(ProgressStyle.figure(loss)) - accuracy: \(ProgressStyle.figure(accuracy))"
        sink(style.passing(style.line(done: step, total: count, tail: tail)))
    }

    private func conclude(_ record: EpochRecord) {
        var line =
            " \(ProgressStyle.counts(steps, steps)) - \(ProgressStyle.time(record.seconds))"
            + " \(ProgressStyle.pace(record.seconds / Double(max(steps, 1)), "step"))"
        for (name, value) in [
            ("loss", record.loss), ("accuracy", record.accuracy), ("val_loss", record.validationLoss),
            ("val_accuracy", record.validationAccuracy),
        ] {
            if let value { line += " - \(name): \(ProgressStyle.figure(value))" }
        }
        sink(style.lasting(line))
    }
}

extension ProgressStyle {
    var isPlain: Bool {
        if case .plain = self { return true }
        return false
    }
}
