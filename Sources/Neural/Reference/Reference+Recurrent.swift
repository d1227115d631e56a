import Foundation

extension Reference {
    /// `x, initial, weightInput, weightHidden, biasInput, biasHidden, [lengths]` → `y, last, saved`, where `saved` holds
    /// at each step the gates `r`, `z`, the candidate `n`, and `U_n h + c_n`, which the reset gate multiplies.
    static func gru(_ inputs: [ReferenceTensor], reversed: Bool) -> [ReferenceTensor] {
        let sizes = GRUSizes(x: inputs[0].shape, hidden: inputs[1].shape[1], inputs.count > 6 ? inputs[6].values : nil)
        let hidden = sizes.hidden
        let (x, biasInput, biasHidden) = (inputs[0].values, inputs[4].values, inputs[5].values)
        var y = ReferenceTensor([sizes.batch, sizes.time, hidden])
        var last = inputs[1]
        var saved = ReferenceTensor([sizes.batch, sizes.time, 4 * hidden])
        for sequence in 0..<sizes.batch {
            var state = Array(inputs[1].values[sequence * hidden..<(sequence + 1) * hidden])
            for step in sizes.steps(sequence, reversed: reversed) {
                let place = sequence * sizes.time + step
                let a = product(inputs[2].values, x[place * sizes.feature..<(place + 1) * sizes.feature])
                let b = product(inputs[3].values, state[...])
                for unit in 0..<hidden {
                    let (reset, update, new) = (unit, hidden + unit, 2 * hidden + unit)
                    let r = sigmoid(a[reset] + biasInput[reset] + b[reset] + biasHidden[reset])
                    let z = sigmoid(a[update] + biasInput[update] + b[update] + biasHidden[update])
                    let inner = b[new] + biasHidden[new]
                    let n = tanh(a[new] + biasInput[new] + r * inner)
                    state[unit] = (1 - z) * n + z * state[unit]
                    y.values[place * hidden + unit] = state[unit]
                    for (part, value) in [r, z, n, inner].enumerated() {
                        saved.values[(place * 4 + part) * hidden + unit] = value
                    }
                }
            }
            for unit in 0..<hidden { last.values[sequence * hidden + unit] = state[unit] }
        }
        return [y, last, saved]
    }

    /// `x, initial, weightInput, weightHidden, biasInput, biasHidden, y, saved, dy, dlast, [lengths]`
    /// → `dx, dinitial, dweightInput, dweightHidden, dbiasInput, dbiasHidden`
    static func gruGradient(_ inputs: [ReferenceTensor], reversed: Bool) -> [ReferenceTensor] {
        let sizes = GRUSizes(
            x: inputs[0].shape, hidden: inputs[1].shape[1], inputs.count > 10 ? inputs[10].values : nil)
        let (hidden, feature) = (sizes.hidden, sizes.feature)
        let (x, initial, y, saved, dy) = (
            inputs[0].values, inputs[1].values, inputs[6].values, inputs[7].values, inputs[8].values
        )
        let (weightInput, weightHidden) = (inputs[2].values, inputs[3].values)
        var results = inputs[0..<6].map { ReferenceTensor($0.shape) }
        for sequence in 0..<sizes.batch {
            let steps = sizes.steps(sequence, reversed: reversed)
            var dstate = Array(inputs[9].values[sequence * hidden..<(sequence + 1) * hidden])
            for (order, step) in steps.enumerated().reversed() {
                let place = sequence * sizes.time + step
                let before = order == 0 ? nil : sequence * sizes.time + steps[order - 1]
                // Cotangents of what each gate is a function of: by way of the input, by way of the state.
                var byInput = [Double](repeating: 0, count: 3 * hidden)
                var byState = byInput
                let previous = (0..<hidden).map { unit in
                    before.map { y[$0 * hidden + unit] } ?? initial[sequence * hidden + unit]
                }
                for unit in 0..<hidden {
                    let gates = (0..<4).map { saved[(place * 4 + $0) * hidden + unit] }
                    let (r, z, n, inner) = (gates[0], gates[1], gates[2], gates[3])
                    let d = dstate[unit] + dy[place * hidden + unit]
                    let dn = d * (1 - z) * (1 - n * n)
                    let dz = d * (previous[unit] - n) * z * (1 - z)
                    let dr = dn * inner * r * (1 - r)
                    (byInput[unit], byInput[hidden + unit], byInput[2 * hidden + unit]) = (dr, dz, dn)
                    (byState[unit], byState[hidden + unit], byState[2 * hidden + unit]) = (dr, dz, dn * r)
                    dstate[unit] = d * z
                }
                for row in 0..<3 * hidden {
                    for column in 0..<feature {
                        results[0].values[place * feature + column] +=
                            byInput[row] * weightInput[row * feature + column]
                        results[2].values[row * feature + column] += byInput[row] * x[place * feature + column]
                    }
                    for column in 0..<hidden {
                        dstate[column] += byState[row] * weightHidden[row * hidden + column]
                        results[3].values[row * hidden + column] += byState[row] * previous[column]
                    }
                    results[4].values[row] += byInput[row]
                    results[5].values[row] += byState[row]
                }
            }
            for unit in 0..<hidden { results[1].values[sequence * hidden + unit] = dstate[unit] }
        }
        return results
    }

    /// A matrix, given row by row, times a column.
    private static func product(_ matrix: [Double], _ column: ArraySlice<Double>) -> [Double] {
        let width = column.count
        return (0..<matrix.count / width).map { row in
            zip(matrix[row * width..<(row + 1) * width], column).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}

/// The sizes of a GRU, and how many steps of each sequence count.
private struct GRUSizes {
    let batch: Int
    let time: Int
    let feature: Int
    let hidden: Int
    let lengths: [Int]

    init(x: Shape, hidden: Int, _ lengths: [Double]?) {
        (batch, time, feature, self.hidden) = (x[0], x[1], x[2], hidden)
        let longest = x[1]
        self.lengths = lengths?.map { min(max(Int($0), 0), longest) } ?? [Int](repeating: longest, count: x[0])
    }

    /// The steps of a sequence that count, in the order in which they are run.
    func steps(_ sequence: Int, reversed: Bool) -> [Int] {
        let steps = Array(0..<lengths[sequence])
        return reversed ? steps.reversed() : steps
    }
}
