/// Finds where a smooth function is least, by limited-memory BFGS (Liu & Nocedal 1989): steps along the gradient as the
/// last few steps have shown the curvature to be, shortened until the function falls by enough (Armijo).
enum LBFGS {
    private static let memory = 10

    /// - Parameters:
    ///   - start: where to begin.
    ///   - tolerance: it ends where no slope is larger.
    ///   - function: gives the value at a place, and sets the slopes there.
    /// - Returns: the place found; the best so far after `iterations` steps.
    static func minimize(
        from start: [Double], iterations: Int = 1000, tolerance: Double = 1e-6,
        _ function: (_ place: [Double], _ gradient: inout [Double]) -> Double
    ) -> [Double] {
        var place = start
        var gradient = [Double](repeating: 0, count: start.count)
        var value = function(place, &gradient)
        var history: [(step: [Double], change: [Double], inverse: Double)] = []
        var next = place
        var nextGradient = gradient
        for _ in 0..<iterations where gradient.contains(where: { abs($0) > tolerance }) {
            let direction = direction(gradient, history)
            let slope = product(direction, gradient)
            // Rounding alone is left.
            guard slope < 0 else { break }
            var length = history.isEmpty ? min(1, 1 / product(gradient, gradient).squareRoot()) : 1
            var reached = false
            for _ in 0..<50 {
                for index in place.indices { next[index] = place[index] + length * direction[index] }
                let found = function(next, &nextGradient)
                if found <= value + 1e-4 * length * slope {
                    (value, reached) = (found, true)
                    break
                }
                length /= 2
            }
            guard reached else { break }
            let step = zip(next, place).map { $0 - $1 }
            let change = zip(nextGradient, gradient).map { $0 - $1 }
            let curvature = product(step, change)
            if curvature > 1e-12 * product(change, change) {
                history.append((step, change, 1 / curvature))
                if history.count > memory { history.removeFirst() }
            }
            swap(&place, &next)
            swap(&gradient, &nextGradient)
        }
        return place
    }

    /// Where to go: the gradient, turned round and stretched by what the last steps say of the curvature.
    private static func direction(
        _ gradient: [Double], _ history: [(step: [Double], change: [Double], inverse: Double)]
    ) -> [Double] {
        var direction = gradient.map { -$0 }
        var factors: [Double] = []
        for entry in history.reversed() {
            let factor = entry.inverse * product(entry.step, direction)
            factors.append(factor)
            add(-factor, entry.change, to: &direction)
        }
        if let last = history.last {
            let scale = 1 / (last.inverse * product(last.change, last.change))
            for index in direction.indices { direction[index] *= scale }
        }
        for (entry, factor) in zip(history, factors.reversed()) {
            add(factor - entry.inverse * product(entry.change, direction), entry.step, to: &direction)
        }
        return direction
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for (x, y) in zip(a, b) { sum += x * y }
        return sum
    }

    private static func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
        for index in b.indices { b[index] += factor * a[index] }
    }
}
