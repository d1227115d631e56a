/// Reduces RGB frames to at most 256 colours: median cut (Heckbert 1982) over 32 levels a channel, then ordered
/// dithering, whose fixed pattern does not shimmer from frame to frame.
///
/// A palette is kept for the next frame while it serves it nearly as well as the frame that it was made for.
struct PaletteQuantizer {
    /// Colours as `0xFFRRGGBB`.
    private var palette: [UInt32] = []
    /// For each of 32x32x32 cells of colour, the nearest palette entry, or -1 where not looked up yet.
    private var nearest: [Int16] = []
    private var errorWhenMade = 0.0

    /// Palette indices of one frame, `[height, width]`, and the palette.
    mutating func quantize(_ rgb: [UInt8], width: Int) -> (indices: [UInt8], palette: [UInt32]) {
        let cells = Self.occupiedCells(rgb)
        if palette.isEmpty || meanError(cells) > errorWhenMade * 1.25 + 1 {
            palette = Self.medianCut(cells, colours: 256)
            nearest = [Int16](repeating: -1, count: 32 * 32 * 32)
            errorWhenMade = meanError(cells)
        }
        return (dither(rgb, width: width), palette)
    }

    /// One cell of the colour cube that pixels fell into.
    private struct Cell {
        var colour: SIMD4<Int32>
        var count: Int
    }

    private static func occupiedCells(_ rgb: [UInt8]) -> [Cell] {
        var counts = [Int32](repeating: 0, count: 32 * 32 * 32)
        var sums = [SIMD4<Int32>](repeating: .zero, count: 32 * 32 * 32)
        var index = 0
        while index + 2 < rgb.count {
            let (r, g, b) = (Int(rgb[index]), Int(rgb[index + 1]), Int(rgb[index + 2]))
            let key = (r >> 3) << 10 | (g >> 3) << 5 | b >> 3
            // Sums of 8-bit samples stay below 2^31 up to 8 million pixels of one cell: enough for a mean.
            if counts[key] < 1 << 22 {
                counts[key] += 1
                sums[key] &+= SIMD4(Int32(r), Int32(g), Int32(b), 0)
            }
            index += 3
        }
        return counts.indices.compactMap { key in
            counts[key] == 0 ? nil : Cell(colour: sums[key] / counts[key], count: Int(counts[key]))
        }
    }

    /// Splits the boxes of most spread at their median until there are enough.
    private static func medianCut(_ cells: [Cell], colours: Int) -> [UInt32] {
        var boxes = [(cells: cells, axis: 0, spread: 0)]
        boxes[0] = measured(cells)
        while boxes.count < colours {
            guard let widest = boxes.indices.max(by: { boxes[$0].spread < boxes[$1].spread }), boxes[widest].spread > 0
            else { break }
            let axis = boxes[widest].axis
            let sorted = boxes[widest].cells.sorted { $0.colour[axis] < $1.colour[axis] }
            let half = sorted.reduce(0) { $0 + $1.count } / 2
            var (cut, below) = (1, sorted[0].count)
            while cut < sorted.count - 1, below + sorted[cut].count <= half {
                below += sorted[cut].count
                cut += 1
            }
            boxes[widest] = measured(Array(sorted[..<cut]))
            boxes.append(measured(Array(sorted[cut...])))
        }
        return boxes.map { box in
            let total = max(1, box.cells.reduce(0) { $0 + $1.count })
            func mean(_ axis: Int) -> UInt32 {
                UInt32(clamping: box.cells.reduce(0) { $0 + Int($1.colour[axis]) * $1.count } / total)
            }
            return 0xFF00_0000 | mean(0) << 16 | mean(1) << 8 | mean(2)
        }
    }

    /// A box with its longest axis; the spread weighs how far its colours lie apart with how many pixels have them.
    private static func measured(_ cells: [Cell]) -> (cells: [Cell], axis: Int, spread: Int) {
        guard cells.count > 1 else { return (cells, 0, 0) }
        var (low, high) = (cells[0].colour, cells[0].colour)
        var pixels = 0
        for cell in cells {
            low = pointwiseMin(low, cell.colour)
            high = pointwiseMax(high, cell.colour)
            pixels += cell.count
        }
        let extent = high &- low
        let axis = [1, 0, 2].max { extent[$0] < extent[$1] } ?? 0
        let length = Int(extent[axis])
        return (cells, axis, length * length * Int(Double(pixels).squareRoot().rounded(.up)))
    }

    /// Mean absolute distance of the pixels to their palette entry.
    private mutating func meanError(_ cells: [Cell]) -> Double {
        var (sum, pixels) = (0, 0)
        for cell in cells {
            let colour = cell.colour
            let entry = palette[entry(Int(colour[0]), Int(colour[1]), Int(colour[2]))]
            let difference = colour &- Self.unpack(entry)
            sum += Int(abs(difference[0]) + abs(difference[1]) + abs(difference[2])) * cell.count
            pixels += cell.count
        }
        return Double(sum) / Double(max(1, pixels))
    }

    private static func unpack(_ entry: UInt32) -> SIMD4<Int32> {
        SIMD4(Int32(entry >> 16 & 255), Int32(entry >> 8 & 255), Int32(entry & 255), 0)
    }

    /// The palette entry nearest to the middle of a colour's cell.
    private mutating func entry(_ r: Int, _ g: Int, _ b: Int) -> Int {
        let key = (r >> 3) << 10 | (g >> 3) << 5 | b >> 3
        if nearest[key] >= 0 { return Int(nearest[key]) }
        let middle = SIMD4<Int32>(Int32(r & ~7 | 4), Int32(g & ~7 | 4), Int32(b & ~7 | 4), 0)
        var (best, bestDistance) = (0, Int32.max)
        for (index, entry) in palette.enumerated() {
            let difference = middle &- Self.unpack(entry)
            let distance = (difference &* difference).wrappedSum()
            if distance < bestDistance { (best, bestDistance) = (index, distance) }
        }
        nearest[key] = Int16(clamping: best)
        return best
    }

    /// Adds an 8x8 Bayer pattern of about one colour cell before looking each pixel up.
    private mutating func dither(_ rgb: [UInt8], width: Int) -> [UInt8] {
        let strength = palette.count < 256 ? 0 : 1
        return (0..<rgb.count / 3).map { pixel in
            let (x, y) = (pixel % width, pixel / width)
            let offset = (Self.bayer[(y & 7) << 3 | x & 7] - 32) * strength / 6
            func sample(_ channel: Int) -> Int { min(255, max(0, Int(rgb[pixel * 3 + channel]) + offset)) }
            return UInt8(truncatingIfNeeded: entry(sample(0), sample(1), sample(2)))
        }
    }

    /// The 8x8 Bayer matrix, 0...63.
    private static let bayer: [Int] = (0..<64).map { place in
        let (x, y) = (place & 7, place >> 3)
        return (0..<3).reduce(0) { value, bit in
            let shift = 2 * (2 - bit)
            return value | ((x ^ y) >> bit & 1) << (shift + 1) | (y >> bit & 1) << shift
        }
    }
}
