internal import Dispatch
public import Media
internal import Synchronization

/// Videos to pretrain on that nobody filmed: textures and fractals that formulas draw, in motion before one another, each
/// clip another (after Kataoka et al. 2020, "Pre-training without natural images"). No licence is in doubt, and there
/// are as many as one asks for.
public enum FormulaClips {
    /// Frames per second of the files.
    public static let frameRate: Int32 = 12

    /// Renders one clip, without encoding it. The same arguments give the same bytes.
    /// - Parameters:
    ///   - clip: which one, from 0.
    ///   - size: width and height in pixels, 16...2048.
    ///   - lone: as of `write`.
    /// - Throws: `DatasetError.badRequest` if a number makes no sense.
    public static func render(
        clip: Int, frames count: Int = 32, size: Int = 96, seed: UInt64, lone: Double = 0
    ) throws(DatasetError) -> Frames {
        guard (16...2048).contains(size), (1...100_000).contains(count), clip >= 0 else {
            throw DatasetError(
                .badRequest, path: "clip \(clip)", "\(count) frames of \(size)x\(size) cannot be rendered",
                remedy: "Use a size of 16 to 2048 and at least one frame.")
        }
        return render(FormulaScene(clip: clip, seed: seed, lone: lone), frames: count, size: size)
    }

    private static func render(_ scene: FormulaScene, frames count: Int, size: Int) -> Frames {
        var frames = Frames(height: size, width: size)
        frames.bytes.reserveCapacity(count * size * size * 3)
        for index in 0..<count {
            let time = count > 1 ? Double(index) / Double(count - 1) : 0.5
            append(scene, at: time, size: size, to: &frames.bytes)
            frames.times.append(MediaTime(value: Int64(index), timescale: frameRate))
            frames.indices.append(index)
        }
        return frames
    }

    /// Draws one frame, the layers from the back to the front.
    private static func append(_ scene: FormulaScene, at time: Double, size: Int, to bytes: inout [UInt8]) {
        var picture = [SIMD4<Float>](repeating: .zero, count: size * size)
        for layer in scene.layers {
            let pose = layer.motion.pose(at: time)
            // From the frame's sides to the tile's: the pose, the other way round.
            let (c, s) = (SeededMath.cosine(pose.turn) / pose.size, SeededMath.sine(pose.turn) / pose.size)
            let tile = layer.tile.level(length: pose.size * Float(size))
            // Of a thing that goes round, the nearest of its likenesses on the frame's repetitions.
            func nearest(_ distance: Float) -> Float { pose.goesRound ? distance - distance.rounded() : distance }
            for row in 0..<size {
                let y = nearest((Float(row) + 0.5) / Float(size) - pose.place.y)
                for column in 0..<size {
                    let x = nearest((Float(column) + 0.5) / Float(size) - pose.place.x)
                    let found = tile.sample(
                        x * c + y * s + 0.5, y * c - x * s + 0.5, wraps: layer.role == .ground)
                    let pixel = row * size + column
                    picture[pixel] += (found - picture[pixel]) * found.w
                }
            }
        }
        let light = scene.light(at: time) * 255
        for pixel in picture {
            for channel in 0..<3 { bytes.append(UInt8(min(max(pixel[channel] * light, 0), 255))) }
        }
    }

    /// What may happen in a clip: which way a thing, or the ground, moves, turns, grows, changes its pace, swings.
    public static let labels = FormulaScene.allLabels

    /// Renders and encodes `count` clips: `directory/00000.mp4`, …, and `directory/clips.csv`, a manifest of them, each
    /// with one of `labels`.
    ///
    /// Files that are there already are replaced. Uses all cores.
    /// - Parameters:
    ///   - lone: how many of them, 0 to 1, show one large thing with a head and a tail before a calm ground, so that its
    ///     motion is all there is to see; what moves there is the thing, and more often round the frame's edges.
    ///   - observe: told every now and then how many are done.
    /// - Returns: the clips' paths.
    /// - Throws: `DatasetError` if a number makes no sense or the folder cannot be made, `MediaError` if a file cannot be
    ///   written.
    @discardableResult
    public static func write(
        to directory: String, count: Int, frames: Int = 32, size: Int = 96, seed: UInt64, lone: Double = 0,
        observe: (Int) -> Void = { _ in }
    ) throws -> [String] {
        guard (1...1_000_000).contains(count) else {
            throw DatasetError(.badRequest, path: directory, "\(count) clips cannot be made", remedy: "Ask for some.")
        }
        guard (0...1).contains(lone) else {
            throw DatasetError(
                .badRequest, path: directory, "\(lone) is no share of the clips", remedy: "Give one from 0 to 1.")
        }
        try FileSystem.makeFolder(directory)
        let paths = (0..<count).map { clip in
            let digits = String(clip)
            return "\(directory)/\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).mp4"
        }
        let failure = Mutex<(any Error)?>(nil)
        // The scenes themselves are too large to keep.
        let labels = Mutex([Int?](repeating: nil, count: count))
        for start in stride(from: 0, to: count, by: 64) {
            let end = min(start + 64, count)
            DispatchQueue.concurrentPerform(iterations: end - start) { index in
                do {
                    let place = start + index
                    let scene = FormulaScene(clip: place, seed: seed, lone: lone)
                    try MotionClips.encode(render(scene, frames: frames, size: size), to: paths[place])
                    let own = Self.labels.firstIndex(of: scene.label)
                    labels.withLock { $0[place] = own }
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
            }
            if let error = failure.withLock({ $0 }) { throw error }
            observe(end)
        }
        let items = zip(paths, labels.withLock { $0 }).map { Manifest.Item(path: $0, labels: [$1].compactMap(\.self)) }
        try Manifest(source: "formulas", classes: Self.labels, items: items).write(to: directory + "/clips.csv")
        return paths
    }
}
