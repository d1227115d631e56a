/// What an augmentation does to the pixels of a clip where they are: colour, blur, noise, a hidden part.
struct ClipEffects {
    private let transform: ClipTransform
    private let height: Int
    private let width: Int

    /// For frames of `height` by `width` pixels.
    init(_ transform: ClipTransform, height: Int, width: Int) {
        self.transform = transform
        (self.height, self.width) = (height, width)
    }

    /// - Parameter bytes: `[frame, height, width, 3]`
    /// - Cost: a pass over the bytes for each effect that was drawn; the blur's is two, of a few pixels each.
    func apply(to bytes: inout [UInt8]) {
        if transform.saturation != 1 { saturate(&bytes) }
        if let levels = transform.levels {
            for index in bytes.indices { bytes[index] = levels[Int(bytes[index])] }
        }
        let deviation = transform.blur * Double(height)
        if deviation > 0.2 { blur(&bytes, deviation: deviation) }
        if transform.noise > 0.25 { addNoise(&bytes) }
        if let hidden = transform.hidden { hide(&bytes, hidden) }
    }

    /// Moves each pixel from or towards its grey (Rec. 601's luma, in 256ths).
    private func saturate(_ bytes: inout [UInt8]) {
        let factor = Int((transform.saturation * 256).rounded())
        for pixel in stride(from: 0, to: bytes.count - 2, by: 3) {
            let grey = (77 * Int(bytes[pixel]) + 150 * Int(bytes[pixel + 1]) + 29 * Int(bytes[pixel + 2]) + 128) >> 8
            for channel in pixel..<pixel + 3 {
                bytes[channel] = UInt8(clamping: grey + ((Int(bytes[channel]) - grey) * factor + 128) >> 8)
            }
        }
    }

    /// A Gaussian of `deviation` pixels to twice that, down and across; edges are repeated.
    private func blur(_ bytes: inout [UInt8], deviation: Double) {
        let radius = max(1, Int((2 * deviation).rounded(.up)))
        let weights = (-radius...radius).map { SeededMath.exponential(-Double($0 * $0) / (2 * deviation * deviation)) }
        let sum = weights.reduce(0, +)
        let taps = weights.map { Int(($0 / sum * 65536).rounded()) }
        // What rounding left goes to the middle, so that a plain surface stays as it is.
        var kernel = taps
        kernel[radius] += 65536 - taps.reduce(0, +)
        let frame = height * width * 3
        for start in stride(from: 0, to: bytes.count, by: frame) {
            for (step, lines, count) in [(3, height, width), (width * 3, width, height)] {
                let next = step == 3 ? width * 3 : 3
                var line = [UInt8](repeating: 0, count: count)
                for number in 0..<lines {
                    for channel in 0..<3 {
                        let first = start + number * next + channel
                        for place in 0..<count { line[place] = bytes[first + place * step] }
                        for place in 0..<count {
                            var value = 1 << 15
                            for (tap, weight) in kernel.enumerated() {
                                value += weight * Int(line[min(max(place + tap - radius, 0), count - 1)])
                            }
                            bytes[first + place * step] = UInt8(clamping: value >> 16)
                        }
                    }
                }
            }
        }
    }

    /// Adds to each sample a normal number out of a table of 4096, read from another place for each row.
    private func addNoise(_ bytes: inout [UInt8]) {
        var random = SeededRandom(seed: transform.noiseSeed)
        let table = (0..<4096).map { _ -> Int in
            let radius = (-2 * SeededMath.logarithm(1 - random.uniform())).squareRoot()
            return Int((transform.noise * radius * SeededMath.cosine(2 * .pi * random.uniform())).rounded())
        }
        for row in stride(from: 0, to: bytes.count, by: width * 3) {
            var place = random.integer(below: table.count)
            for index in row..<min(row + width * 3, bytes.count) {
                bytes[index] = UInt8(clamping: Int(bytes[index]) + table[place])
                place = (place + 1) & 4095
            }
        }
    }

    /// Makes a rectangle mid-grey in all frames.
    private func hide(_ bytes: inout [UInt8], _ box: ClipTransform.Box) {
        let (top, left) = (Int(box.top * Double(height)), Int(box.left * Double(width)))
        let (tall, wide) = (Int(box.height * Double(height)), Int(box.width * Double(width)))
        guard tall > 0, wide > 0 else { return }
        for start in stride(from: 0, to: bytes.count, by: height * width * 3) {
            for row in top..<min(top + tall, height) {
                let first = start + (row * width + left) * 3
                for index in first..<first + min(wide, width - left) * 3 { bytes[index] = 128 }
            }
        }
    }
}
