/// The looks of a motion clip: the object's shape, colours and stripes, and the background's pattern.
struct MotionLook {
    /// Outlines that have a head and a tail, so that their angle can be read off over the whole circle.
    enum Shape: Int, CaseIterable {
        case drop, arrow, comet
    }

    let shape: Shape
    /// Half the object's length at scale 1, as a fraction of the frame's side.
    let radius: Float
    let body: SIMD3<Float>
    let stripe: SIMD3<Float>
    let head: SIMD3<Float>
    /// Stripes over the object's length.
    let stripes: Float
    let background: SIMD3<Float>
    let backgroundContrast: Float
    /// Cells of the background's coarsest noise over the frame's side.
    let backgroundCells: Int
    /// Where the noise of the background begins.
    let noiseSeed: UInt64

    init(_ random: inout SeededRandom) {
        shape = Shape.allCases[random.integer(below: Shape.allCases.count)]
        radius = Float(random.uniform(0.26..<0.3))
        let hue = random.uniform()
        body = Self.colour(hue: hue, saturation: random.uniform(0.75..<1), value: random.uniform(0.85..<1))
        stripe = Self.colour(
            hue: hue + random.uniform(0.08..<0.2), saturation: random.uniform(0.7..<1),
            value: random.uniform(0.5..<0.65))
        head = SIMD3(repeating: Float(random.uniform(0.92..<1)))
        stripes = Float(random.uniform(2.2..<3.6))
        background = Self.colour(
            hue: random.uniform(), saturation: random.uniform(0.1..<0.35), value: random.uniform(0.25..<0.42))
        backgroundContrast = Float(random.uniform(0.25..<0.5))
        backgroundCells = 4 + random.integer(below: 5)
        noiseSeed = random.next()
    }

    /// Red, green, blue from 0 to 1, of a hue from 0 to 1 (and round again).
    private static func colour(hue: Double, saturation: Double, value: Double) -> SIMD3<Float> {
        func channel(_ offset: Double) -> Float {
            let k = (hue * 6 + offset).truncatingRemainder(dividingBy: 6)
            return Float(value - value * saturation * max(0, min(k, 4 - k, 1)))
        }
        return SIMD3(channel(5), channel(3), channel(1))
    }
}
