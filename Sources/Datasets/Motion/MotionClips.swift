public import Media
internal import Synchronization
internal import Dispatch
internal import Foundation

/// A made-up dataset in which only motion tells the classes apart: a textured object over a textured background
/// moves, turns, grows, or changes its speed.
///
/// The ten classes are five pairs, and the second of each pair is the first played backwards. A clip and its reversal
/// are drawn with equal likelihood in the two classes, so no single frame says which of a pair it is from.
/// Nor does it say which pair, even to one who knows its number in the clip: place, angle and scale run round circles
/// from a random start, so that each is uniform over its circle at every time in every class; looks are drawn alike.
public enum MotionClips {
    /// The classes in pairs: the second is the first played backwards.
    static let pairs = [
        ("move-left", "move-right"), ("move-up", "move-down"), ("turn-clockwise", "turn-anticlockwise"),
        ("grow", "shrink"), ("speed-up", "slow-down"),
    ]

    /// Names of the classes, in alphabetical order, which is also the order that a manifest of the folder has.
    public static let classes: [String] = pairs.flatMap { [$0.0, $0.1] }.sorted()

    /// Frames per second of the files.
    public static let frameRate: Int32 = 12

    /// Renders one clip, without encoding it.
    ///
    /// The same arguments give the same bytes.
    /// - Parameters:
    ///   - name: one of `classes`.
    ///   - clip: which clip of the class, from 0.
    ///   - frames: how many frames the motion takes.
    ///   - size: width and height in pixels, 16...2048.
    ///   - seed: of everything random.
    /// - Throws: `DatasetError.badRequest` if the class is not known or a number makes no sense.
    public static func render(
        class name: String, clip: Int, frames: Int = 24, size: Int = 96, seed: UInt64
    ) throws(DatasetError) -> Frames {
        guard let pair = pairs.firstIndex(where: { $0.0 == name || $0.1 == name }) else {
            throw DatasetError(
                .badRequest, path: name, "is not a class of motion",
                remedy: "Use one of \(classes.joined(separator: ", ")).")
        }
        guard (16...2048).contains(size), (1...100_000).contains(frames), clip >= 0 else {
            throw DatasetError(
                .badRequest, path: name, "\(frames) frames of \(size)x\(size) cannot be rendered",
                remedy: "Use a size of 16 to 2048 and at least one frame.")
        }
        let isReversed = pairs[pair].1 == name
        let scene = MotionScene(pair: pair, isReversed: isReversed, clip: clip, seed: seed)
        return MotionRenderer(scene: scene, size: size).render(frames: frames)
    }

    /// Renders and encodes a folder per class: `directory/move-left/000.mp4`, …
    ///
    /// Files that are there already are replaced. Uses all cores.
    /// - Parameter classes: those to make; all where nil.
    /// - Returns: the paths written, class by class.
    /// - Throws: `DatasetError` if a number makes no sense or a folder cannot be made, `MediaError` if a file
    ///   cannot be written.
    @discardableResult
    public static func write(
        to directory: String, classes: [String]? = nil, clipsPerClass: Int, frames: Int = 24, size: Int = 96,
        seed: UInt64
    ) throws -> [String] {
        let classes = classes ?? Self.classes
        guard clipsPerClass > 0 else {
            throw DatasetError(.badRequest, path: directory, "\(clipsPerClass) clips a class are none")
        }
        for name in classes { try FileSystem.makeFolder("\(directory)/\(name)") }
        let failure = Mutex<(any Error)?>(nil)
        let paths = classes.flatMap { name in
            (0..<clipsPerClass).map { clip in
                let digits = String(clip)
                return "\(directory)/\(name)/\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits).mp4"
            }
        }
        DispatchQueue.concurrentPerform(iterations: paths.count) { index in
            guard failure.withLock({ $0 == nil }) else { return }
            do {
                let clip = try render(
                    class: classes[index / clipsPerClass], clip: index % clipsPerClass, frames: frames, size: size,
                    seed: seed)
                try encode(clip, to: paths[index])
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return paths
    }

    /// Writes a clip as a file.
    static func encode(_ clip: Frames, to path: String) throws {
        // The clips are the parallel work: encoders of one thread each do not get in each other's way.
        let encoder = try VideoEncoder(
            path: path, width: clip.width, height: clip.height, options: .init(quality: 0.65, threads: 1))
        try encoder.append(contentsOf: clip)
        try encoder.finish()
    }
}
