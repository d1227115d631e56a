/// A square picture with cover, made by a formula: what the layers of a formula clip show.
struct FormulaTile {
    /// The formulas that a tile's pattern may follow.
    enum Pattern: Int, CaseIterable {
        /// Value noise in octaves.
        case noise
        /// An attractor of four random contractions (Barnsley 1988), as in FractalDB (Kataoka et al. 2020).
        case fractal
        /// The escape times of a Julia set.
        case julia
        /// Sums of plane waves: stripes, plaids and what beats between them.
        case waves
        /// Cells around random points.
        case cells
    }

    /// Pixels of a side.
    static let side = 128

    /// Red, green, blue and cover, 0...1 each, `[side * side]`.
    private var pixels: [SIMD4<Float>]
    /// The same in halves of the size, down to an eighth.
    private var levels: [Level] = []

    /// The ground covers everything, and all else is cut out along a closed curve.
    /// - Parameter calm: what is left of how the colours differ from their mean, and of that, 0 to 1; nil for all.
    init(_ role: FormulaScene.Role, calm: (contrast: Float, brightness: Float)? = nil, _ random: inout SeededRandom) {
        let pattern = Pattern.allCases[random.integer(below: Pattern.allCases.count)]
        var heights =
            switch pattern {
            case .noise: Self.noise(&random)
            case .fractal: Self.fractal(&random)
            case .julia: Self.julia(&random)
            case .waves: Self.waves(&random)
            case .cells: Self.cells(&random)
            }
        let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
        for index in heights.indices { heights[index] = (heights[index] - low) / max(high - low, 1e-6) }
        // Three colours from the lowest to the highest.
        let palette = (0..<3).map { _ in
            SIMD4<Float>(Float(random.uniform()), Float(random.uniform()), Float(random.uniform()), 1)
        }
        pixels = heights.map { height in
            let place = min(height * 2, 1.999)
            let index = Int(place)
            return palette[index] + (palette[index + 1] - palette[index]) * (place - Float(index))
        }
        if let calm {
            let mean = pixels.reduce(.zero, +) / Float(pixels.count)
            for index in pixels.indices {
                pixels[index] = (mean + (pixels[index] - mean) * calm.contrast) * calm.brightness
                pixels[index].w = 1
            }
        }
        if role == .lone { mark(&random) }
        if role != .ground { cut(hasHead: role == .lone, &random) }
        levels = [Level(side: Self.side, pixels: pixels)]
        for level in 0..<3 { levels.append(levels[level].halved) }
    }

    /// The tile as it is to be seen where its side has `length` pixels: what is shown small flickers unless it is seen from
    /// farther.
    func level(length: Float) -> Level {
        levels.first { Float($0.side) <= length * 1.5 } ?? levels[levels.count - 1]
    }

    /// A tile of some size.
    struct Level {
        let side: Int
        let pixels: [SIMD4<Float>]

        fileprivate var halved: Level {
            let half = side / 2
            return Level(
                side: half,
                pixels: (0..<half * half).map { index in
                    let corner = index / half * 2 * side + index % half * 2
                    let above = pixels[corner] + pixels[corner + 1]
                    return (above + pixels[corner + side] + pixels[corner + side + 1]) / 4
                })
        }

        /// The tile's colour and cover at a place, in sides of it; it goes on without end where it `wraps`, and is nothing
        /// outside where not. Bilinear.
        func sample(_ x: Float, _ y: Float, wraps: Bool) -> SIMD4<Float> {
            if !wraps, x < 0 || y < 0 || x >= 1 || y >= 1 { return .zero }
            let (u, v) = ((x - x.rounded(.down)) * Float(side), (y - y.rounded(.down)) * Float(side))
            let (column, row) = (min(Int(u), side - 1), min(Int(v), side - 1))
            let (across, down) = (u - Float(column), v - Float(row))
            let (right, below) = ((column + 1) & (side - 1), (row + 1) & (side - 1))
            let top = pixels[row * side + column] * (1 - across) + pixels[row * side + right] * across
            let bottom = pixels[below * side + column] * (1 - across) + pixels[below * side + right] * across
            return top * (1 - down) + bottom * down
        }
    }

    /// Gives the tile's right end another look than its left: a spot, or a light that fades along it.
    private mutating func mark(_ random: inout SeededRandom) {
        let isSpot = random.uniform() < 0.5
        var colour = SIMD4<Float>(Float(random.uniform()), Float(random.uniform()), Float(random.uniform()), 1)
        // As white or black as things get, half of the time.
        if random.uniform() < 0.5 { colour = SIMD4(SIMD3(repeating: random.uniform() < 0.7 ? 1 : 0), 1) }
        let (place, radius) = (Float(random.uniform(0.62..<0.8)), Float(random.uniform(0.1..<0.22)))
        let strength = Float(random.uniform(0.6..<1))
        for row in 0..<Self.side {
            for column in 0..<Self.side {
                let (x, y) = (
                    (Float(column) + 0.5) / Float(Self.side), (Float(row) + 0.5) / Float(Self.side) - 0.5
                )
                let distance = ((x - place) * (x - place) + y * y).squareRoot()
                let share = isSpot ? min(max((radius - distance) * 30 + 0.5, 0), 1) : x * x
                let pixel = row * Self.side + column
                pixels[pixel] += (colour - pixels[pixel]) * share * strength
            }
        }
    }

    /// Takes away what lies outside a superformula's curve (Gielis 2003) about the middle.
    /// - Parameter hasHead: whether the curve reaches farther at one end, right or left, than at the other.
    private mutating func cut(hasHead: Bool, _ random: inout SeededRandom) {
        let symmetry = Double(hasHead ? 1 + random.integer(below: 3) : random.integer(below: 9))
        let lean = hasHead ? random.uniform(0.2..<0.8) * (random.uniform() < 0.5 ? 1 : -1) : 0
        let (n1, n2, n3) = (random.uniform(0.4..<4), random.uniform(0.4..<4), random.uniform(0.4..<4))
        let proportion = random.uniform(hasHead ? 0.35..<0.9 : 0.5..<1)
        func radius(_ angle: Double) -> Double {
            let part = symmetry * angle / 4
            let sum =
                SeededMath.power(abs(SeededMath.cosine(part)), n2) + SeededMath.power(abs(SeededMath.sine(part)), n3)
            return SeededMath.power(max(sum, 1e-6), -1 / n1) * (1 + lean * SeededMath.cosine(angle))
        }
        let radii = (0..<256).map { radius(Double($0) / 256 * 2 * .pi) }
        let largest = radii.max() ?? 1
        let side = Self.side
        for row in 0..<side {
            for column in 0..<side {
                let (x, y) = (
                    Double(column) + 0.5 - Double(side) / 2, (Double(row) + 0.5 - Double(side) / 2) / proportion
                )
                let angle = SeededMath.angle(y, x)
                let place = Int((angle / (2 * .pi) + 1) * 256) & 255
                let inside = radii[place] / largest * Double(side) * 0.47 - (x * x + y * y).squareRoot()
                pixels[row * side + column].w = Float(min(max(inside + 0.5, 0), 1))
            }
        }
    }

    // MARK: Patterns: levels `[side * side]` of any range

    private static func noise(_ random: inout SeededRandom) -> [Float] {
        var levels = [Float](repeating: 0, count: side * side)
        var (cells, weight) = (2 + random.integer(below: 5), Float(1))
        let fading = Float(random.uniform(0.4..<0.9))
        while cells <= side / 2 {
            let lattice = (0..<cells * cells).map { _ in Float(random.uniform()) }
            for row in 0..<side {
                let (top, down) = cell(row, cells)
                for column in 0..<side {
                    let (left, along) = cell(column, cells)
                    func corner(_ y: Int, _ x: Int) -> Float { lattice[(y % cells) * cells + x % cells] }
                    let above = corner(top, left) + (corner(top, left + 1) - corner(top, left)) * along
                    let below = corner(top + 1, left) + (corner(top + 1, left + 1) - corner(top + 1, left)) * along
                    levels[row * side + column] += (above + (below - above) * down) * weight
                }
            }
            cells *= 2
            weight *= fading
        }
        return levels
    }

    /// The cell that a pixel is in, and how far through it, smoothed.
    private static func cell(_ pixel: Int, _ cells: Int) -> (Int, Float) {
        let place = (Float(pixel) + 0.5) * Float(cells) / Float(side)
        let fraction = place - place.rounded(.down)
        return (Int(place), fraction * fraction * (3 - 2 * fraction))
    }

    private static func fractal(_ random: inout SeededRandom) -> [Float] {
        let maps = (0..<4).map { _ in
            let (turn, size) = (random.uniform(0..<2 * .pi), random.uniform(0.35..<0.7))
            let shear = random.uniform(-0.3..<0.3)
            let (c, s) = (Float(size * SeededMath.cosine(turn)), Float(size * SeededMath.sine(turn)))
            return (
                a: SIMD2(c, s), b: SIMD2(-s + Float(shear), c),
                move: SIMD2(Float(random.uniform(-0.5..<0.5)), Float(random.uniform(-0.5..<0.5)))
            )
        }
        var points: [SIMD2<Float>] = []
        var point = SIMD2<Float>.zero
        for step in 0..<24_000 {
            let map = maps[random.integer(below: maps.count)]
            point = map.a * point.x + map.b * point.y + map.move
            if step > 20 { points.append(point) }
        }
        let low = points.reduce(points[0]) { pointwiseMin($0, $1) }
        let high = points.reduce(points[0]) { pointwiseMax($0, $1) }
        let extent = pointwiseMax(high - low, SIMD2(repeating: 1e-3))
        var counts = [Float](repeating: 0, count: side * side)
        for point in points {
            let place = (point - low) / extent * Float(side - 1)
            counts[Int(place.y) * side + Int(place.x)] += 1
        }
        return counts.map { Float(SeededMath.logarithm(Double(1 + $0))) }
    }

    private static func julia(_ random: inout SeededRandom) -> [Float] {
        // Near the Mandelbrot set's edge, where the sets are rich.
        let (turn, reach) = (random.uniform(0..<2 * .pi), random.uniform(0.95..<1.05))
        let (real, imaginary) = (
            Float(reach * (SeededMath.cosine(turn) / 2 - SeededMath.cosine(2 * turn) / 4)),
            Float(reach * (SeededMath.sine(turn) / 2 - SeededMath.sine(2 * turn) / 4))
        )
        let zoom = Float(random.uniform(0.6..<1.6))
        return (0..<side * side).map { index in
            var x = (Float(index % side) / Float(side) * 2 - 1) * zoom
            var y = (Float(index / side) / Float(side) * 2 - 1) * zoom
            var count = 0
            while count < 48, x * x + y * y < 16 {
                (x, y) = (x * x - y * y + real, 2 * x * y + imaginary)
                count += 1
            }
            return Float(SeededMath.logarithm(Double(1 + count)))
        }
    }

    private static func waves(_ random: inout SeededRandom) -> [Float] {
        // Whole numbers of waves over the side, so that the tile goes on without a seam.
        let waves = (0..<1 + random.integer(below: 4)).map { _ in
            (
                across: Double(random.integer(below: 17) - 8), down: Double(random.integer(below: 17) - 8),
                phase: random.uniform(0..<2 * .pi)
            )
        }
        let sharpness = random.uniform(0.5..<6)
        return (0..<side * side).map { index in
            let (x, y) = (Double(index % side) / Double(side), Double(index / side) / Double(side))
            let sum = waves.reduce(0) {
                $0 + SeededMath.sine(2 * .pi * ($1.across * x + $1.down * y) + $1.phase)
            }
            return Float(sum * sharpness / (1 + abs(sum * sharpness)))
        }
    }

    private static func cells(_ random: inout SeededRandom) -> [Float] {
        let points = (0..<6 + random.integer(below: 30)).map { _ in
            (x: Float(random.uniform()), y: Float(random.uniform()), level: Float(random.uniform()))
        }
        let isFlat = random.uniform() < 0.5
        return (0..<side * side).map { index in
            let (x, y) = ((Float(index % side) + 0.5) / Float(side), (Float(index / side) + 0.5) / Float(side))
            var (nearest, level) = (Float.infinity, Float(0))
            for point in points {
                // Over the tile's edges, which meet.
                var (dx, dy) = (abs(point.x - x), abs(point.y - y))
                (dx, dy) = (min(dx, 1 - dx), min(dy, 1 - dy))
                let distance = dx * dx + dy * dy
                if distance < nearest { (nearest, level) = (distance, point.level) }
            }
            return isFlat ? level : nearest.squareRoot()
        }
    }
}
