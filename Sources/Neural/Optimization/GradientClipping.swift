extension ParameterBuffer {
    /// The Euclidean length of the trainable part, all tensors taken as one vector. Not finite if an element is not.
    ///
    /// Summed in a fixed order, so that the same numbers give the same bits. Cost: one pass.
    public var norm: Double {
        unsafe withUnsafeFloats { floats in
            guard let base = floats.baseAddress else { return 0 }
            // Sixteen lanes, and the count is a multiple of 16; each block is short enough for single precision.
            let lanes = unsafe UnsafeRawPointer(base).assumingMemoryBound(to: SIMD16<Float>.self)
            let (count, block) = (trainableCount / 16, 256)
            var total = 0.0
            for start in stride(from: 0, to: count, by: block) {
                var sum = SIMD16<Float>()
                for index in start..<min(start + block, count) {
                    let values = unsafe lanes[index]
                    sum += values * values
                }
                for lane in 0..<16 { total += Double(sum[lane]) }
            }
            return total.squareRoot()
        }
    }

    /// What gradients of length `norm` are multiplied with so that they get no longer than `limit`:
    /// `min(1, limit / (norm + 1e-6))`, as PyTorch's `clip_grad_norm_`. 1 if the norm is not finite.
    public static func clippingScale(norm: Double, limit: Double) -> Double {
        norm.isFinite ? min(1, limit / (norm + 1e-6)) : 1
    }

    /// Multiplies the trainable part with `factor`.
    public func scale(by factor: Double) {
        let (factor, count) = (Float(factor), trainableCount)
        unsafe withUnsafeFloats { floats in
            guard let base = floats.baseAddress else { return }
            for index in 0..<count { unsafe base[index] *= factor }
        }
    }

    /// Shortens the trainable part, taken as one vector, to `limit` if it is longer.
    /// - Returns: its length before. If that is not finite nothing is changed, and the step should be left out.
    @discardableResult
    public func clip(toNorm limit: Double) -> Double {
        let norm = norm
        let factor = Self.clippingScale(norm: norm, limit: limit)
        if factor < 1 { scale(by: factor) }
        return norm
    }
}
