extension TrainingState {
    /// What is wrong with a state that was read from a file, or nil: a run that goes on from it must neither trap nor
    /// count nonsense.
    ///
    /// - Parameters:
    ///   - epochs: how many the run is to have.
    ///   - steps: batches of an epoch.
    func fault(epochs: Int, steps: Int) -> String? {
        guard epoch >= 0, epoch <= epochs else { return "epoch \(epoch) of a run of \(epochs)" }
        guard step >= 0, step <= steps else { return "step \(step) of an epoch of \(steps)" }
        guard sums.isSound else { return "sums that are not those of clips" }
        guard history.count == epoch, zip(history, 1...).allSatisfy({ $0.epoch == $1 }) else {
            return "a history of \(history.count) epochs after \(epoch)"
        }
        guard best.map({ (1...max(epoch, 1)).contains($0.epoch) }) ?? true, (best == nil) == (epoch == 0) else {
            return "a best epoch that is none of the \(epoch) finished"
        }
        guard epochsSinceBest == epoch - (best?.epoch ?? 0) else {
            return "\(epochsSinceBest) epochs since the best of \(epoch)"
        }
        return nil
    }
}

extension TrainingState.EpochSums {
    fileprivate var isSound: Bool {
        // A sigmoid's loss of almost nothing may round to just below zero.
        loss.isFinite && loss >= -1e-5 * Double(max(clips, 0)) && seconds.isFinite && seconds >= 0 && correct >= 0
            && correct <= clips
            // More than any run has, and few enough that adding an epoch's does not overflow.
            && clips <= Int(Int32.max)
    }
}
