/// The background of a motion clip: three octaves of value noise around one muted colour.
struct MotionBackground {
    /// Samples `[size, size, 3]`.
    let bytes: [UInt8]

    init(look: MotionLook, size: Int) {
        var brightness = [Float](repeating: 0, count: size * size)
        var random = SeededRandom(seed: look.noiseSeed)
        var (cells, weight) = (look.backgroundCells, Float(0.55))
        for _ in 0..<3 {
            let lattice = (0..<(cells + 2) * (cells + 2)).map { _ in Float(random.uniform()) * 2 - 1 }
            for row in 0..<size {
                let (top, down) = Self.place(row, of: size, cells: cells)
                for column in 0..<size {
                    let (left, along) = Self.place(column, of: size, cells: cells)
                    let corner = top * (cells + 2) + left
                    let above = lattice[corner] + (lattice[corner + 1] - lattice[corner]) * along
                    let next = corner + cells + 2
                    let below = lattice[next] + (lattice[next + 1] - lattice[next]) * along
                    brightness[row * size + column] += (above + (below - above) * down) * weight
                }
            }
            cells *= 2
            weight *= 0.6
        }
        var bytes = [UInt8](repeating: 0, count: size * size * 3)
        let base = look.background * 255
        for pixel in 0..<size * size {
            let gain = 1 + brightness[pixel] * look.backgroundContrast
            for channel in 0..<3 { bytes[pixel * 3 + channel] = UInt8(min(255, max(0, base[channel] * gain))) }
        }
        self.bytes = bytes
    }

    /// The cell that a pixel is in, and how far through it, smoothed.
    private static func place(_ pixel: Int, of size: Int, cells: Int) -> (Int, Float) {
        let position = (Float(pixel) + 0.5) * Float(cells) / Float(size)
        let cell = Int(position)
        let fraction = position - Float(cell)
        return (cell, fraction * fraction * (3 - 2 * fraction))
    }
}
