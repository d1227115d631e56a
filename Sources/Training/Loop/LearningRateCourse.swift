import Neural

/// The learning rate of each step of a run: up from zero over the warm-up, then as the decay says.
///
/// Along the cosine the warm-up is the schedule's own first part; on the other courses it is a factor that goes from
/// 0 to 1 in a straight line, so that the steps of the decay stay where they are without it.
package struct LearningRateCourse: Sendable, Hashable {
    private let schedule: LearningRateSchedule
    /// Steps over which the schedule's rate is scaled up.
    private let warmUpSteps: Int

    /// - Parameter stepsPerEpoch: batches of an epoch.
    package init(_ options: TrainingOptions, stepsPerEpoch: Int) {
        let total = max(options.epochs * stepsPerEpoch, 1)
        let wanted = options.warmUpEpochs * Double(stepsPerEpoch)
        let base = options.learningRate
        switch options.decay {
        case .constant:
            schedule = .constant(base: base)
            // Not bounded by the number of epochs: a run whose epochs were raised goes on where it was.
            warmUpSteps = Self.whole(wanted, atMost: Int(Int32.max))
        case .step:
            schedule = .step(base: base, every: max(total / 3, 1), factor: 0.1)
            warmUpSteps = Self.whole(wanted, atMost: total - 1)
        case .cosine:
            schedule = .cosine(
                base: base, minimum: base / 100, warmUpSteps: Self.whole(wanted, atMost: total - 1), totalSteps: total)
            warmUpSteps = 0
        }
    }

    /// The learning rate of step number `step` of the run, the first being 0.
    package func rate(at step: Int) -> Double {
        let rate = schedule.rate(at: step)
        return step < warmUpSteps ? rate * Double(max(step, 0)) / Double(warmUpSteps) : rate
    }

    /// `value` without its fraction. The smaller number is taken before the conversion, which huge ones would trap.
    private static func whole(_ value: Double, atMost limit: Int) -> Int { Int(min(max(value, 0), Double(limit))) }
}
