/// The sizes of one direction of a GRU layer, and the order in which its steps are taken.
struct GRUShape {
    let batch: Int
    let time: Int
    let feature: Int
    let hidden: Int
    let isReversed: Bool

    /// Numbers of the three gates, and of what is kept for the gradient: reset, update, candidate, `U_n h + c_n`.
    var gates: Int { 3 * hidden }
    var saved: Int { 4 * hidden }

    /// Steps of sequence `row` that count. Lengths come with each run, so they are brought into range here: one beyond
    /// the last step would let `previous` point behind the sequence.
    func length(_ row: Int, _ lengths: PlanBuffer?) -> Int {
        lengths.map { min(max(unsafe Int($0.integers[row]), 0), time) } ?? time
    }

    /// Rows of the batch that are worth a thread of their own.
    var rowGrain: Int { max(1, 512 / max(hidden, 1)) }

    /// The time of step `step` of the forward direction.
    func time(ofStep step: Int) -> Int { isReversed ? time - 1 - step : step }

    /// The time of the state that goes into time `t`, or nil if that is the initial state.
    func previous(_ t: Int, length: Int) -> Int? {
        if isReversed { return t + 1 < length ? t + 1 : nil }
        return t > 0 ? t - 1 : nil
    }
}
