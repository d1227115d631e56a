/// Times something again and again.
public enum Timing {
    /// The seconds that each of `runs` runs takes, or of as many as take `duration` seconds together, after one that is
    /// not counted.
    /// - Parameter observe: told after each run how many are done, the one that is not counted among them.
    /// - Throws: what `run` throws.
    public static func seconds(
        runs: Int, duration: Double, observe: (Int) -> Void, of run: () throws -> Void
    ) throws -> [Double] {
        try run()
        observe(1)
        var (seconds, total) = ([Double](), 0.0)
        while seconds.count < max(runs, 1) || total < duration {
            let start = ContinuousClock.now
            try run()
            let taken = (ContinuousClock.now - start) / .seconds(1)
            seconds.append(taken)
            total += taken
            observe(seconds.count + 1)
        }
        return seconds
    }
}
