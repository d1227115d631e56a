internal import COneDNN

/// A row-major matrix in memory: its rows begin `stride` floats apart.
@safe struct Matrix {
    let base: UnsafeMutablePointer<Float>
    let stride: Int

    init(_ base: UnsafeMutablePointer<Float>, stride: Int) {
        unsafe self.base = unsafe base
        self.stride = stride
    }
}

/// `c[m, n] = op(a) op(b)`, or `c +=` it, where `op` transposes if asked for. To be called on the compute thread.
func multiply(
    _ a: Matrix, _ b: Matrix, transposeA: Bool = false, transposeB: Bool = false, into c: Matrix, m: Int, n: Int,
    k: Int,
    adding: Bool = false
) throws {
    try check(
        unsafe sdnn_sgemm(
            transposeA ? 1 : 0, transposeB ? 1 : 0, Int64(m), Int64(n), Int64(k), 1, a.base, Int64(a.stride), b.base,
            Int64(b.stride), adding ? 1 : 0, c.base, Int64(c.stride)),
        "multiply matrices")
}
