internal import Foundation

/// One direction of one GRU layer. The input's part of the gates is one matrix product over all steps; the hidden
/// state's part is a small one at each step.
final class GRUForward {
    private let size: GRUShape
    private let x, initial, weightInput, weightHidden, biasInput, biasHidden: PlanBuffer
    private let lengths: PlanBuffer?
    private let y, last, saved: PlanBuffer
    /// Scratch: `[batch, time, 3 hidden]` and `[batch, 3 hidden]`.
    private let projected, gates: PlanBuffer
    /// The time of the step that is being taken.
    private var t = 0
    private var rows: ParallelLoop?

    /// - Parameters:
    ///   - sources: `x, initial, weightInput, weightHidden, biasInput, biasHidden, [lengths]`
    ///   - results: `y, last, saved`
    ///   - projected: scratch, `[batch, time, 3 hidden]`
    ///   - gates: scratch, `[batch, 3 hidden]`
    init(
        _ size: GRUShape, _ sources: [PlanBuffer], results: [PlanBuffer], projected: PlanBuffer, gates: PlanBuffer
    ) {
        self.size = size
        (x, initial, weightInput, weightHidden) = (sources[0], sources[1], sources[2], sources[3])
        (biasInput, biasHidden) = (sources[4], sources[5])
        lengths = sources.count > 6 ? sources[6] : nil
        (y, last, saved) = (results[0], results[1], results[2])
        (self.projected, self.gates) = (projected, gates)
        rows = ParallelLoop(size.batch, grain: size.rowGrain) { [unowned self] in for row in $0 { advance(row) } }
    }

    func run() throws {
        let (batch, time, width) = (size.batch, size.time, size.hidden)
        try unsafe multiply(
            Matrix(x.floats, stride: size.feature), Matrix(weightInput.floats, stride: size.feature), transposeB: true,
            into: Matrix(projected.floats, stride: size.gates), m: batch * time, n: size.gates, k: size.feature)
        unsafe last.floats.update(from: initial.floats, count: batch * width)
        for step in 0..<time {
            t = size.time(ofStep: step)
            try unsafe multiply(
                Matrix(last.floats, stride: width), Matrix(weightHidden.floats, stride: width), transposeB: true,
                into: Matrix(gates.floats, stride: size.gates), m: batch, n: size.gates, k: width)
            rows?.run()
        }
    }

    /// One step of one sequence, element by element.
    private func advance(_ row: Int) {
        let width = size.hidden
        let place = row * size.time + t
        let (y, state) = unsafe (y.floats + place * width, last.floats + row * width)
        let kept = unsafe saved.floats + place * size.saved
        guard t < size.length(row, lengths) else {
            unsafe y.update(repeating: 0, count: width)
            unsafe kept.update(repeating: 0, count: size.saved)
            return
        }
        let input = unsafe projected.floats + place * size.gates
        let hidden = unsafe gates.floats + row * size.gates
        let (b, c) = unsafe (biasInput.floats, biasHidden.floats)
        for i in 0..<width {
            let (j, k) = (i + width, i + 2 * width)
            let reset = unsafe sigmoid(input[i] + b[i] + hidden[i] + c[i])
            let update = unsafe sigmoid(input[j] + b[j] + hidden[j] + c[j])
            let inner = unsafe hidden[k] + c[k]
            let candidate = unsafe tanhf(input[k] + b[k] + reset * inner)
            let next = unsafe (1 - update) * candidate + update * state[i]
            unsafe state[i] = next
            unsafe y[i] = next
            unsafe kept[i] = reset
            unsafe kept[j] = update
            unsafe kept[k] = candidate
            unsafe kept[i + 3 * width] = inner
        }
    }

    private func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
}
