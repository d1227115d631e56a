import Datasets
import Foundation
import Media

/// Videos with one fault each, and copies of videos, made for a test.
extension DatasetFolder {
    /// Encodes frames at 12 a second, or at given times.
    @discardableResult
    func encode(
        _ name: String, _ frames: Frames, quality: Double = 0.6, times: [MediaTime]? = nil
    ) throws -> String {
        let file = try write(name)
        let encoder = try VideoEncoder(
            path: file, width: frames.width, height: frames.height, options: .init(quality: quality, threads: 1))
        for index in 0..<frames.count {
            try encoder.append(
                frames.bytes[frames.byteRange(of: index)],
                at: times?[index] ?? MediaTime(value: Int64(index), timescale: 12))
        }
        try encoder.finish()
        return file
    }

    /// `count` clips of a class of motion, all different.
    func motion(_ label: String, count: Int, frames: Int = 18, size: Int = 48, in folder: String? = nil) throws {
        for clip in 0..<count {
            try encode("\(folder ?? label)/\(clip).mp4", Made.motion(label, clip, frames: frames, size: size))
        }
    }
}

enum Made {
    static func motion(_ label: String, _ clip: Int, frames: Int = 18, size: Int = 48) throws -> Frames {
        try MotionClips.render(class: label, clip: clip, frames: frames, size: size, seed: 5)
    }

    /// The same grey everywhere, always.
    static func plain(_ level: UInt8, frames: Int, size: Int = 48) -> Frames {
        Frames(
            height: size, width: size, bytes: [UInt8](repeating: level, count: frames * size * size * 3),
            times: times(frames))
    }

    /// The first of some frames for all.
    static func frozen(_ frames: Frames) -> Frames {
        var result = frames
        let first = frames.bytes[frames.byteRange(of: 0)]
        result.bytes = (0..<frames.count).flatMap { _ in first }
        return result
    }

    /// A camera that stands still, and a bright square that walks in one of many ways.
    /// - Parameter wall: which of many walls of fine and faint grain there is in the place of a room.
    static func camera(walk: Int, wall: Int? = nil, frames: Int = 24, size: Int = 64) -> Frames {
        var random = SeededRandom(seed: UInt64(wall ?? 99))
        // Patches of 8 pixels: what a room looks like from afar. Of 2 pixels: nothing is left of a wall at 8x8.
        let patch = wall == nil ? 8 : 2
        let patches = (0..<size / patch * (size / patch)).map { _ in
            wall == nil ? UInt8(random.integer(below: 160) + 20) : UInt8(random.integer(below: 40) + 80)
        }
        var path = SeededRandom(seed: UInt64(walk), 7)
        let (x0, y0) = (path.uniform(0..<40), path.uniform(0..<40))
        let (x1, y1) = (path.uniform(0..<40), path.uniform(0..<40))
        let turn = path.uniform(0.3..<0.7)
        var bytes: [UInt8] = []
        for frame in 0..<frames {
            let at = Double(frame) / Double(frames - 1)
            let share = at < turn ? at / turn : 1 - (at - turn) / (1 - turn) * 0.8
            let (left, top) = (Int(x0 + (x1 - x0) * share), Int(y0 + (y1 - y0) * share))
            for y in 0..<size {
                for x in 0..<size {
                    let isSquare = (left..<left + 16).contains(x) && (top..<top + 16).contains(y)
                    let level = isSquare ? 235 : patches[y / patch * (size / patch) + x / patch]
                    bytes += [level, level, level]
                }
            }
        }
        return Frames(height: size, width: size, bytes: bytes, times: times(frames))
    }

    static func times(_ count: Int) -> [MediaTime] { (0..<count).map { MediaTime(value: Int64($0), timescale: 12) } }

    /// Frames with every byte changed.
    static func changed(_ frames: Frames, _ change: (UInt8) -> UInt8) -> Frames {
        var result = frames
        result.bytes = frames.bytes.map(change)
        return result
    }

    /// Left and right exchanged.
    static func mirrored(_ frames: Frames) -> Frames {
        var result = frames
        for row in 0..<frames.count * frames.height {
            for x in 0..<frames.width {
                for channel in 0..<3 {
                    result.bytes[(row * frames.width + x) * 3 + channel] =
                        frames.bytes[(row * frames.width + frames.width - 1 - x) * 3 + channel]
                }
            }
        }
        return result
    }

    /// All but the first few frames.
    static func cut(_ frames: Frames, first: Int) -> Frames {
        Frames(
            height: frames.height, width: frames.width,
            bytes: Array(frames.bytes[frames.byteRange(of: first).lowerBound...]), times: times(frames.count - first))
    }

    /// The frames of a file at another size.
    static func resized(_ path: String, width: Int, height: Int) throws -> Frames {
        try VideoReader(path: path).read(FrameRequest(resize: .exact(width: width, height: height)))
    }
}

/// Examines a manifest and judges it.
func diagnose(_ manifest: Manifest, limits: Diagnosis.Limits = .init()) -> Diagnosis {
    Diagnosis(manifest, Examiner(manifest).examine(), limits: limits)
}

extension Diagnosis {
    /// The files that have a problem, by their last two names.
    func files(_ kind: Problem.Kind) -> Set<String> {
        Set(problems.filter { $0.kind == kind }.flatMap(\.places).map { short($0.path) })
    }

    /// The pairs that have a problem.
    func pairs(_ kind: Problem.Kind) -> Set<Set<String>> {
        Set(
            problems.filter { $0.kind == kind }.flatMap(\.pairs).map { pair in
                Set([pair.match.first, pair.match.second].map { short(manifest.items[$0].path) })
            })
    }

    private func short(_ path: String) -> String { path.split(separator: "/").suffix(2).joined(separator: "/") }
}
