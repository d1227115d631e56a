/// The gradient of one direction of one GRU layer, back through time. The gates' gradients of all steps are kept, so
/// that the weights' gradients are one matrix product each.
struct GRUBackward {
    let size: GRUShape
    let x, initial, weightInput, weightHidden, y, saved, dy, dlast: PlanBuffer
    let lengths: PlanBuffer?
    let dx, dinitial, dweightInput, dweightHidden, dbiasInput, dbiasHidden: PlanBuffer
    /// Scratch: gradients before the gates' functions as the input and as the hidden state see them,
    /// `[batch, time, 3 hidden]`, and the state that went into each step, `[batch, time, hidden]`.
    let inputGates, hiddenGates, states: PlanBuffer

    func run() throws {
        let (batch, time, width) = (size.batch, size.time, size.hidden)
        let rows = batch * time
        unsafe dinitial.floats.update(from: dlast.floats, count: batch * width)
        for step in (0..<time).reversed() {
            let t = size.time(ofStep: step)
            parallel(batch, grain: size.rowGrain) { for row in $0 { retreat(row, t) } }
            try unsafe multiply(
                Matrix(hiddenGates.floats + t * size.gates, stride: time * size.gates),
                Matrix(weightHidden.floats, stride: width), into: Matrix(dinitial.floats, stride: width), m: batch,
                n: width, k: size.gates, adding: true)
        }
        let (inputSide, hiddenSide) = unsafe (
            Matrix(inputGates.floats, stride: size.gates), Matrix(hiddenGates.floats, stride: size.gates)
        )
        try unsafe multiply(
            inputSide, Matrix(weightInput.floats, stride: size.feature), into: Matrix(dx.floats, stride: size.feature),
            m: rows, n: size.feature, k: size.gates)
        try unsafe multiply(
            inputSide, Matrix(x.floats, stride: size.feature), transposeA: true,
            into: Matrix(dweightInput.floats, stride: size.feature), m: size.gates, n: size.feature, k: rows)
        try unsafe multiply(
            hiddenSide, Matrix(states.floats, stride: width), transposeA: true,
            into: Matrix(dweightHidden.floats, stride: width), m: size.gates, n: width, k: rows)
        let sum = RowReduction(outer: 1, count: rows, inner: size.gates)
        parallel(sum.parts, grain: sum.grain) { columns in
            unsafe sum.run(columns, inputGates.floats, into: dbiasInput.floats, maximum: false, scale: 1)
            unsafe sum.run(columns, hiddenGates.floats, into: dbiasHidden.floats, maximum: false, scale: 1)
        }
    }

    /// One step of one sequence back: the state's gradient, in `dinitial`, becomes what goes straight to the state before.
    private func retreat(_ row: Int, _ t: Int) {
        let width = size.hidden
        let place = row * size.time + t
        let (input, hidden) = unsafe (
            inputGates.floats + place * size.gates, hiddenGates.floats + place * size.gates
        )
        let before = unsafe states.floats + place * width
        let length = size.length(row, lengths)
        guard t < length else {
            unsafe input.update(repeating: 0, count: size.gates)
            unsafe hidden.update(repeating: 0, count: size.gates)
            unsafe before.update(repeating: 0, count: width)
            return
        }
        let previous = size.previous(t, length: length)
        let state = unsafe previous.map { unsafe y.floats + (row * size.time + $0) * width }
        unsafe before.update(from: state ?? initial.floats + row * width, count: width)
        let kept = unsafe saved.floats + place * size.saved
        let dy = unsafe dy.floats + place * width
        let dstate = unsafe dinitial.floats + row * width
        for i in 0..<width {
            let (j, k) = (i + width, i + 2 * width)
            let (reset, update) = unsafe (kept[i], kept[j])
            let (candidate, inner) = unsafe (kept[k], kept[i + 3 * width])
            let d = unsafe dstate[i] + dy[i]
            let dcandidate = d * (1 - update) * (1 - candidate * candidate)
            let dupdate = unsafe d * (before[i] - candidate) * update * (1 - update)
            let dreset = dcandidate * inner * reset * (1 - reset)
            unsafe input[i] = dreset
            unsafe input[j] = dupdate
            unsafe input[k] = dcandidate
            unsafe hidden[i] = dreset
            unsafe hidden[j] = dupdate
            unsafe hidden[k] = dcandidate * reset
            unsafe dstate[i] = d * update
        }
    }
}
