import Datasets
import Foundation
import Media
import Testing

@Suite struct ProposalTests {
    /// What was found in one clip.
    private static let facts = Result {
        let folder = try DatasetFolder()
        try folder.video("a/a.mp4", tone: 60, frames: 13)
        guard let facts = Examiner(try Manifest(path: folder.path)).examine()[0].facts else {
            throw CancellationError()
        }
        return facts
    }

    /// A diagnosis of clips that are taken for different ones with nothing in them.
    private static func blind(_ manifest: Manifest) throws -> Diagnosis {
        var facts = try facts.get()
        facts.signature = ClipSignature(step: 0.125, levels: Data(repeating: 90, count: 64 * 16))
        return Diagnosis(
            manifest,
            manifest.items.indices.map { index in
                facts.digest = "\(index)"
                return ExaminedClip(facts: facts)
            })
    }

    private static func manifest(_ paths: [String], columns: [[String: String]]? = nil) -> Manifest {
        let labels = paths.map { String($0.split(separator: "/").first ?? "") }
        let classes = Set(labels).sorted()
        return Manifest(
            source: "data", classes: classes,
            items: paths.indices.map { index in
                Manifest.Item(
                    path: paths[index], labels: [classes.firstIndex(of: labels[index]) ?? 0],
                    columns: columns?[index] ?? [:])
            })
    }

    @Test func stemsOfNames() {
        for (name, stem) in [
            ("scene12_003.mp4", "scene12"), ("v_Archery_g08_c01.avi", "v_Archery_g08"),
            ("walk-2.final-17.mkv", "walk-2.final"),
            ("cam 1 take2.mov", "cam 1"),
        ] {
            #expect(NameGroups.stem(name) == stem)
        }
        for name in ["clip.mp4", "003.mp4", "fight003.mp4", "_3.mp4", "a_b.mp4", ".mp4", "", "a_.mp4", "x_٣.mp4"] {
            #expect(NameGroups.stem(name) == nil, "\(name)")
        }
    }

    @Test func namesTellGroups() throws {
        let paths = ["run", "walk"].flatMap { label in
            (0..<5).flatMap { scene in (0..<4).map { "\(label)/s\(scene)\(label)_0\($0).mp4" } }
        }
        let grouping = try Grouping(of: Self.blind(Self.manifest(paths)))
        #expect(grouping.basis == .name && grouping.count == 10)
        #expect(grouping.groups.prefix(5) == ["s0run", "s0run", "s0run", "s0run", "s1run"])
        #expect(grouping.reason.contains("10 groups"))
        // Names that only repeat the class tell nothing.
        let plain = ["run", "walk"].flatMap { label in (0..<9).map { "\(label)/\(label)_\($0).mp4" } }
        #expect(try Grouping(of: Self.blind(Self.manifest(plain))).basis == .clip)
        #expect(throws: DatasetError.self) { try Grouping(of: Self.blind(Self.manifest(plain)), by: .name) }
    }

    @Test func foldersTellGroups() throws {
        let paths = ["run", "walk"].flatMap { label in
            (0..<3).flatMap { person in (0..<3).map { "\(label)/p\(person)/a_\($0).mp4" } }
        }
        let grouping = try Grouping(of: Self.blind(Self.manifest(paths)))
        // One person's folder is one group, whatever the class.
        #expect(grouping.basis == .folder && grouping.count == 3)
    }

    /// `source` in `resource` tells nothing, nor does a column of two values.
    @Test(arguments: ["resource", "scenery", "cameras"]) func otherColumnsTellNoGroups(_ name: String) throws {
        let paths = (0..<12).map { "\($0 % 2 == 0 ? "run" : "walk")/\($0).mp4" }
        let values = name == "cameras" ? 2 : 4
        let columns = (0..<12).map { [name: "v\($0 % values)"] }
        #expect(try Grouping(of: Self.blind(Self.manifest(paths, columns: columns))).basis == .clip)
    }

    @Test(arguments: ["sceneID", "Camera 2", "video-sources"]) func columnsAreToldByTheirWords(_ name: String) throws {
        let paths = (0..<12).map { "\($0 % 2 == 0 ? "run" : "walk")/\($0).mp4" }
        let columns = (0..<12).map { [name: "v\($0 / 3)"] }
        #expect(try Grouping(of: Self.blind(Self.manifest(paths, columns: columns))).basis == .column(name))
    }

    @Test func columnsTellGroups() throws {
        let paths = (0..<12).map { "\($0 % 2 == 0 ? "run" : "walk")/\($0).mp4" }
        let columns = (0..<12).map { ["fold": "\($0 % 3)", "source_id": "tape\($0 / 3)"] }
        let diagnosis = try Self.blind(Self.manifest(paths, columns: columns))
        let grouping = try Grouping(of: diagnosis)
        #expect(grouping.basis == .column("source_id") && grouping.count == 4)
        #expect(try Grouping(of: diagnosis, by: .column("fold")).count == 3)
        #expect(throws: DatasetError.self) { try Grouping(of: diagnosis, by: .column("none such")) }
        let proposal = try Proposal(of: diagnosis, shares: .init(validation: 0.25, test: 0.25, seed: 1))
        for group in Dictionary(grouping: proposal.manifest.items, by: \.group).values {
            #expect(Set(group.map(\.part)).count == 1)
        }
        #expect(Set(proposal.manifest.items.map(\.part)).count == 3)
        // The columns stay.
        #expect(proposal.manifest.items.map(\.columns) == columns)
    }

    @Test func aSoundSplitIsKept() throws {
        var manifest = Self.manifest((0..<10).map { "\($0 % 2 == 0 ? "run" : "walk")/\($0).mp4" })
        for index in manifest.items.indices {
            manifest.items[index].part = index < 6 ? .training : .test
            manifest.items[index].group = "g\(index / 2)"
        }
        let kept = try Proposal(of: Self.blind(manifest))
        #expect(kept.manifest.items.map(\.part) == manifest.items.map(\.part))
        #expect(kept.splitReason.contains("is kept"))
        manifest.items[6].group = "g0"
        let diagnosis = try Self.blind(manifest)
        #expect(diagnosis.problems.contains { $0.kind == .groupAcrossSplit && $0.severity == .error })
        let torn = try Proposal(of: diagnosis, shares: .init(validation: 0.2, test: 0.2))
        for group in Dictionary(grouping: torn.manifest.items, by: \.group).values {
            #expect(Set(group.map(\.part)).count == 1)
        }
    }

    @Test func nothingLeftIsAnError() throws {
        let manifest = Self.manifest(["a/1.mp4", "b/2.mp4"])
        let diagnosis = Diagnosis(manifest, [ExaminedClip(error: "x"), ExaminedClip(error: "y")])
        #expect(throws: DatasetError.self) { try Proposal(of: diagnosis) }
    }
}

@Suite struct ManifestWritingTests {
    /// Names with everything that CSV has to quote come back as they were.
    @Test func whatIsWrittenReadsBack() throws {
        let folder = try DatasetFolder()
        var random = SeededRandom(seed: 8)
        let pieces = ["a", ",", "\"", "\n", "é", "\"\u{301}", "日", " ", "|", "'", ";", "\t", "\r", "=", "#", "😀"]
        func word(_ without: Set<String>) -> String {
            "x"
                + (0..<random.integer(below: 6)).map { _ in
                    pieces.filter { !without.contains($0) }[random.integer(below: pieces.count - without.count)]
                }.joined() + "y"
        }
        let classes = (0..<5).map { _ in word(["|"]) }
        var items: [Manifest.Item] = []
        for index in 0..<40 {
            let name = word([]) + "\(index).mp4"
            try folder.write("clips/" + name)
            items.append(
                Manifest.Item(
                    path: folder.path + "/clips/" + name, labels: index == 7 ? [0, 3] : index == 8 ? [] : [index % 5],
                    part: Split.Part.allCases[index % 3], group: index % 4 == 0 ? nil : word([]),
                    start: index % 5 == 0 ? MediaTime(value: 3003, timescale: 90000) : nil,
                    end: index % 5 == 0 ? MediaTime(seconds: 4.25) : nil,
                    columns: index % 2 == 0 ? ["fold, of \"4\"": word([])] : ["z": "1"]))
        }
        let manifest = Manifest(source: folder.path + "/clips", classes: classes, items: items)
        let path = folder.path + "/out.csv"
        try manifest.write(to: path)
        let read = try Manifest(path: path, classes: classes)
        #expect(read.items.count == items.count)
        for (was, now) in zip(items, read.items) {
            #expect(was.path == now.path && was.labels == now.labels && was.part == now.part && was.group == now.group)
            #expect(was.start == now.start && was.end == now.end && was.columns == now.columns)
        }
        // Paths below the manifest's folder are written as they are from there.
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("clips/x"))
    }

    @Test func labelsThatCannotBeWritten() throws {
        for label in ["a|b", " a", ""] {
            let manifest = Manifest(source: "d", classes: [label], items: [Manifest.Item(path: "a.mp4", labels: [0])])
            #expect(throws: DatasetError.self) { try manifest.csv(in: ".") }
        }
    }

    /// Neither a clip, nor the manifest, nor a place in the dataset's folder is ever written to.
    @Test func originalsAreNotTouched() throws {
        let folder = try DatasetFolder()
        let manifest = try folder.manifest(count: 2)
        for path in [
            folder.path + "/out.csv", folder.path + "/even/out.csv", manifest.items[0].path,
            folder.path + "/./even/../x.csv",
        ] {
            #expect(throws: DatasetError.self, "\(path)") { try manifest.write(to: path) }
        }
        let other = try DatasetFolder()
        try FileManager.default.createSymbolicLink(atPath: other.path + "/link", withDestinationPath: folder.path)
        #expect(throws: DatasetError.self) { try manifest.write(to: other.path + "/link/out.csv") }
        let list = try folder.write("clips.csv", "path,label\neven/0.mp4,x\nodd/1.mp4,y\n")
        let listed = try Manifest(path: list)
        #expect(throws: DatasetError.self) { try listed.write(to: list) }
        #expect(throws: DatasetError.self) { try listed.write(to: folder.path + "/even/0.mp4") }
        try listed.write(to: folder.path + "/other.csv")
        #expect(try Manifest(path: folder.path + "/other.csv").items.map(\.path) == listed.items.map(\.path))
    }
}
