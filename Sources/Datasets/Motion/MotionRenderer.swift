internal import Media

/// Draws a motion scene.
struct MotionRenderer {
    let scene: MotionScene
    /// Width and height in pixels.
    let size: Int

    /// All frames of the clip, at `MotionClips.frameRate`.
    func render(frames count: Int) -> Frames {
        let background = MotionBackground(look: scene.look, size: size).bytes
        var frames = Frames(height: size, width: size)
        frames.bytes.reserveCapacity(background.count * count)
        for index in 0..<count {
            var frame = background
            draw(scene.pose(at: count > 1 ? Double(index) / Double(count - 1) : 0.5), on: &frame)
            frames.bytes += frame
            frames.times.append(MediaTime(value: Int64(index), timescale: MotionClips.frameRate))
            frames.indices.append(index)
        }
        return frames
    }

    /// Draws the object, its edges blended over about one pixel.
    private func draw(_ pose: MotionScene.Pose, on frame: inout [UInt8]) {
        let look = scene.look
        let side = Float(size)
        let radius = look.radius * pose.scale * side
        let (sine, cosine) = (SeededMath.sine(pose.angle), SeededMath.cosine(pose.angle))
        // It stands, turns and grows about a point near its tail, as a hand of a clock does.
        let lever = 0.7 * radius
        let (centreX, centreY) = (pose.x * side + cosine * lever, pose.y * side + sine * lever)
        let reach = radius * 1.1 + 2
        // Pixels beyond an edge are those at the opposite one.
        let (left, right) = (Int((centreX - reach).rounded(.down)), Int((centreX + reach).rounded(.up)))
        let (top, bottom) = (Int((centreY - reach).rounded(.down)), Int((centreY + reach).rounded(.up)))
        for row in top...bottom {
            for column in left...right {
                let (dx, dy) = (Float(column) + 0.5 - centreX, Float(row) + 0.5 - centreY)
                // The object's own axes: u along it towards the head, v across.
                let u = (dx * cosine + dy * sine) / radius
                let v = (dy * cosine - dx * sine) / radius
                let cover = min(1, max(0, 0.5 - Self.distance(look.shape, u, v) * radius))
                guard cover > 0 else { continue }
                let colour = Self.colour(look, u, v)
                let place = (Self.wrapped(row, size) * size + Self.wrapped(column, size)) * 3
                for channel in 0..<3 {
                    let below = Float(frame[place + channel])
                    frame[place + channel] = UInt8(below + (colour[channel] * 255 - below) * cover)
                }
            }
        }
    }

    /// The pixel of the picture that stands for one beyond its edge.
    private static func wrapped(_ pixel: Int, _ size: Int) -> Int {
        let rest = pixel % size
        return rest < 0 ? rest + size : rest
    }

    /// About how far outside the shape a point is, in lengths of its half; negative inside.
    private static func distance(_ shape: MotionLook.Shape, _ u: Float, _ v: Float) -> Float {
        let across = abs(v)
        switch shape {
        case .drop:
            // A round head that narrows to a point at the tail.
            let width = u > 0.35 ? 0 : 0.55 * (u + 1) / 1.35
            let round = ((u - 0.42) * (u - 0.42) + v * v).squareRoot() - 0.56
            return min(round, max(max(across - width, -1 - u), u - 0.35) * 0.9)
        case .arrow:
            let shaft = max(across - 0.24, abs(u + 0.4) - 0.6)
            let tip = max((across - (1 - u) * 0.68) * 0.82, 0.08 - u)
            return min(shaft, tip)
        case .comet:
            // A disc with a long thin tail.
            let disc = ((u - 0.5) * (u - 0.5) + v * v).squareRoot() - 0.5
            let tail = max(across - 0.2 - 0.08 * (u + 1), abs(u + 0.3) - 0.7)
            return min(disc, tail)
        }
    }

    /// The object's texture: stripes across its length that shear sideways, and a bright head.
    private static func colour(_ look: MotionLook, _ u: Float, _ v: Float) -> SIMD3<Float> {
        let ring = ((u - 0.5) * (u - 0.5) + v * v).squareRoot()
        if ring < 0.36 { return look.head }
        let wave = (u + 0.3 * v) * look.stripes
        let blend = min(1, max(0, 4 * abs(wave - wave.rounded()) - 0.5))
        return look.body + (look.stripe - look.body) * blend
    }
}
