#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How the learning rate changes as training goes on: a function of the step's number and of nothing else.
public enum LearningRateSchedule: Sendable, Hashable, Codable {
    /// Always `base`.
    case constant(base: Double)
    /// `base * factor ^ floor(step / every)`, as PyTorch's `StepLR`.
    case step(base: Double, every: Int, factor: Double)
    /// From 0 up to `base` in a straight line over `warmUpSteps`, then down to `minimum` along half a cosine until
    /// `totalSteps`, and `minimum` from there on (Loshchilov & Hutter 2017).
    case cosine(base: Double, minimum: Double = 0, warmUpSteps: Int = 0, totalSteps: Int)

    /// The learning rate of step number `step`, the first being 0. Numbers below 0 count as 0.
    public func rate(at step: Int) -> Double {
        let step = max(step, 0)
        switch self {
        case .constant(let base): return base
        case .step(let base, let every, let factor): return base * power(factor, step / max(every, 1))
        case .cosine(let base, let minimum, let warmUpSteps, let totalSteps):
            if step < warmUpSteps { return base * Double(step) / Double(warmUpSteps) }
            guard step < totalSteps else { return minimum }
            let done = (Double(step) - Double(warmUpSteps)) / (Double(totalSteps) - Double(warmUpSteps))
            return minimum + (base - minimum) * (1 + cos(.pi * done)) / 2
        }
    }
}
