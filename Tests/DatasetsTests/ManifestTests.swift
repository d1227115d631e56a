import Datasets
import Foundation
import Media
import Testing

@Suite("Manifest")
struct ManifestTests {
    func failure(_ path: String, classes: [String]? = nil) -> DatasetError? {
        #expect(throws: DatasetError.self) { _ = try Manifest(path: path, classes: classes) }
    }

    @Test func folderPerClass() throws {
        let folder = try DatasetFolder()
        for name in [
            "b/2.mp4", "b/1.MKV", "b/deep/er/3.webm", "a/x.mov", "a/.hidden.mp4", "a/notes.txt", ".git/x.mp4",
            "readme.md",
        ] {
            try folder.write(name)
        }
        let manifest = try Manifest(path: folder.path)
        #expect(manifest.classes == ["a", "b"])
        #expect(
            manifest.items.map { $0.path.dropFirst(folder.path.count + 1) } == [
                "a/x.mov", "b/1.MKV", "b/2.mp4", "b/deep/er/3.webm",
            ])
        #expect(manifest.items.map(\.labels) == [[0], [1], [1], [1]])
        #expect(manifest.skippedCount == 4)
        #expect(manifest.countsByClass == [1, 3])
        #expect(!manifest.isMultiLabel)
    }

    @Test func foldersOfSplits() throws {
        let folder = try DatasetFolder()
        for name in ["train/a/1.mp4", "train/b/1.mp4", "val/a/2.mp4", "test/b/3.mp4"] { try folder.write(name) }
        let manifest = try Manifest(path: folder.path)
        #expect(manifest.classes == ["a", "b"])
        #expect(Set(manifest.items.compactMap(\.part)) == [.training, .validation, .test])
        let split = try Split(of: manifest, seed: 1)
        #expect((split.training.count, split.validation.count, split.test.count) == (2, 1, 1))
    }

    @Test func emptyFoldersAreNamed() throws {
        let folder = try DatasetFolder()
        #expect(failure(folder.path)?.code == .empty)
        try folder.write("a/1.mp4")
        try folder.write("void/notes.txt")
        let error = try #require(failure(folder.path))
        #expect(error.code == .empty)
        #expect(error.description.contains("void") && error.description.contains("mp4"))
        #expect(failure(folder.path + "/absent")?.code == .unreadable)
        #expect(failure(folder.path + "/void/notes.txt")?.description.contains(".csv") == true)
    }

    @Test func quotingIsAsPythonReadsIt() throws {
        let folder = try DatasetFolder()
        let expected = try JSONDecoder().decode([[String]].self, from: fixture("csv/quoting.json"))
        for row in expected.dropFirst() { try folder.write(row[0]) }
        try fixture("csv/quoting.csv").write(to: URL(fileURLWithPath: folder.path + "/list.csv"))
        let manifest = try Manifest(path: folder.path + "/list.csv")
        #expect(manifest.items.map(\.path) == expected.dropFirst().map { folder.path + "/" + $0[0] })
        #expect(manifest.items.map { $0.columns["note"] ?? "" } == expected.dropFirst().map { $0[2] })
        #expect(manifest.classes == ["jump", "run"])
        #expect(manifest.items.map(\.labels) == [[1], [0, 1], [0], [1]])
        #expect(manifest.isMultiLabel)
        #expect(manifest.items[0].start == MediaTime(value: 1, timescale: 2))
        #expect(manifest.items[1].start == nil)
        #expect(manifest.items[2].start == MediaTime(value: 1, timescale: 3))
        // The third record begins after a field with a line break.
        #expect(manifest.items.map(\.line) == [2, 3, 5, 6])
    }

    @Test func jsonLinesSayTheSame() throws {
        let folder = try DatasetFolder()
        for name in ["a.mp4", "b.mp4", "c.mp4"] { try folder.write(name) }
        let file = try folder.write(
            "list.jsonl",
            """
            {"path": "a.mp4", "label": "run", "split": "train", "fold": 3, "start": 1.5}

            {"path": "\(folder.path)/b.mp4", "label": ["run", "jump"], "split": "VAL", "group": 7}
            {"path": "c.mp4", "label": [], "split": "test", "end": 2, "nested": {"x": 1}}
            """)
        let manifest = try Manifest(path: file)
        #expect(manifest.classes == ["jump", "run"])
        #expect(manifest.items.map(\.labels) == [[1], [0, 1], []])
        #expect(manifest.items.map(\.part) == [.training, .validation, .test])
        #expect(manifest.items.map(\.line) == [1, 3, 4])
        #expect(manifest.items[0].columns == ["fold": "3"])
        #expect(manifest.items[0].start == MediaTime(value: 3, timescale: 2))
        #expect(manifest.items[1].group == "7")
        #expect(manifest.items[2].end == MediaTime(value: 2, timescale: 1))
    }

    @Test(
        arguments: [
            ("path,klass\na.mp4,x", 1, "label"),
            ("path,label\n", nil, "no clips"),
            ("", nil, "empty"),
            ("path,label,split\na.mp4,x,trian", 2, "train, val or test"),
            ("path,label\na.mp4,x\na.mp4", 3, "1 fields"),
            ("path,label\na.mp4,\"x", 2, "never closed"),
            ("path,label\n\"a.mp4\"b,x", 2, "closing quote"),
            ("path,label\na.mp4,", 2, "label is empty"),
            ("path,label\n,x", 2, "path is empty"),
            ("path,label,label\na.mp4,x,y", 1, "two columns"),
            ("path,label,start\na.mp4,x,soon", 2, "not a time"),
            ("path,label,start\na.mp4,x,-1", 2, "not a time"),
            ("path,label,start,end\na.mp4,x,2,1", 2, "not after"),
            ("path,label\na.mp4,x\ngone.mp4,x", 3, "gone.mp4 (line 3)"),
            ("path,label\na.mp4,x\na.mp4,y", 3, "a.mp4 has other labels than in line 2"),
            ("path,label,split\na.mp4,x,train\na.mp4,x,val", 3, "another part of the split than in line 2"),
            ("path;label\na.mp4;x", 1, "separated by commas"),
        ] as [(String, Int?, String)])
    func csvErrorsNameTheLine(text: String, line: Int?, words: String) throws {
        let folder = try DatasetFolder()
        try folder.write("a.mp4")
        let file = try folder.write("list.csv", text)
        let error = try #require(failure(file))
        #expect(error.line == line)
        #expect(error.description.contains(words), "\(error)")
        #expect(!error.remedy.isEmpty)
        #expect(error.path == file)
    }

    @Test(arguments: [
        "nonsense", "[1]", "{\"label\": \"x\"}", "{\"path\": \"a.mp4\"}", "{\"path\": \"a.mp4\", \"label\": \"\"}",
    ])
    func jsonErrorsNameTheLine(line: String) throws {
        let folder = try DatasetFolder()
        try folder.write("a.mp4")
        let file = try folder.write("list.jsonl", "{\"path\": \"a.mp4\", \"label\": \"x\"}\n" + line)
        #expect(failure(file)?.line == 2)
    }

    /// Damaged text of every kind is an error or a manifest, never a trap.
    /// Different parts of a video may have different labels, and be in different parts of the split.
    @Test func cutsOfAVideoAreClipsOfTheirOwn() throws {
        let folder = try DatasetFolder()
        try folder.write("a.mp4")
        let text =
            "path,label,split,start,end\na.mp4,x,train,0,1\na.mp4,y,train,1,2\na.mp4,x,val,2,3\na.mp4,y,val,3,4\n"
        #expect(try Manifest(path: folder.write("list.csv", text)).items.count == 4)
    }

    @Test func damagedTextIsAnError() throws {
        let folder = try DatasetFolder()
        for name in ["a.mp4", "b.mp4"] { try folder.write(name) }
        let seeds = [
            (
                "l.csv",
                "path,label,split,group,start,end\r\na.mp4,\"x|y\",train,g,0,1/2\r\nb.mp4,\"\"\"q\"\"\",val,,1.5,\n"
            ),
            ("l.jsonl", #"{"path": "a.mp4", "label": ["x", "y"], "start": 1e3, "end": "4001/3"}"# + "\n{}\n"),
        ]
        var random = SeededRandom(seed: 12)
        var read = 0
        for round in 0..<600 {
            let (name, text) = seeds[round % 2]
            var bytes = Array(text.utf8)
            for _ in 0..<1 + random.integer(below: 4) {
                let place = random.integer(below: bytes.count)
                switch random.integer(below: 3) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert([10, 13, 34, 44, 91, 123, 0, 255][random.integer(below: 8)], at: place)
                }
            }
            let file = folder.path + "/" + name
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            do { read += try Manifest(path: file, missingFiles: .skip).items.count } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(read > 0)
        let deep = String(repeating: "[", count: 100_000)
        let file = try folder.write("deep.jsonl", "{\"path\": \"a.mp4\", \"label\": \(deep)")
        #expect(failure(file)?.code == .malformed)
    }

    @Test func missingFilesAreListedOrSkipped() throws {
        let folder = try DatasetFolder()
        try folder.write("a.mp4")
        let lines = (0..<9).map { "gone\($0).mp4,x" }.joined(separator: "\n")
        let file = try folder.write("list.csv", "path,label\na.mp4,x\n" + lines)
        let error = try #require(failure(file))
        #expect(error.code == .missingFiles)
        #expect(error.description.contains("9 of 10") && error.description.contains("4 more"))
        let manifest = try Manifest(path: file, missingFiles: .skip)
        #expect((manifest.items.count, manifest.missing.count) == (1, 9))
    }

    @Test func givenClassesKeepTheirPlaces() throws {
        let folder = try DatasetFolder()
        try folder.write("b/1.mp4")
        #expect(try Manifest(path: folder.path, classes: ["z", "b"]).items[0].labels == [1])
        #expect(failure(folder.path, classes: ["z"])?.code == .unknownLabel)
    }

    @Test func foldsByColumn() throws {
        let folder = try DatasetFolder()
        for name in 0..<4 { try folder.write("\(name).mp4") }
        let file = try folder.write(
            "l.csv", "path,label,fold,scene\n0.mp4,x,10,a\n1.mp4,x,2,b\n2.mp4,y,10,a\n3.mp4,y,2,c\n")
        let manifest = try Manifest(path: file)
        let folds = try manifest.folds(by: "fold")
        #expect(
            folds == [
                Fold(name: "2", training: [0, 2], heldOut: [1, 3]),
                Fold(name: "10", training: [1, 3], heldOut: [0, 2]),
            ])
        #expect(try manifest.grouped(by: "scene").folds(by: "fold").count == 2)
        #expect(try manifest.grouped(by: "fold").items.map(\.group) == ["10", "2", "10", "2"])
        #expect(throws: DatasetError.self) { try manifest.grouped(by: "label").folds(by: "fold") }
        let error = #expect(throws: DatasetError.self) { try manifest.folds(by: "flod") }
        #expect(error?.code == .missingColumn && error?.description.contains("fold, scene") == true)
        var crossed = manifest
        for index in 0..<4 { crossed.items[index].group = index < 2 ? "p" : "q" }
        #expect(throws: DatasetError.self) { try crossed.folds(by: "fold") }
    }

    /// What is held out shares no group with what is trained with.
    @Test func heldOutGroupsAreWhole() throws {
        func manifest(_ rows: [(group: String?, fold: String)]) -> Manifest {
            Manifest(
                source: "made", classes: ["x"],
                items: rows.enumerated().map {
                    .init(
                        path: "\($0).mp4", labels: [0], group: $1.group, columns: ["fold": $1.fold], line: $0 + 2)
                })
        }
        let fold = try #require(Manifest.Selection("fold=1"))
        let whole = manifest([("a", "1"), ("b", "2"), ("a", "1"), (nil, "1"), (nil, "3")])
        #expect(try whole.selecting(fold, inverted: true).items.map(\.path) == ["1.mp4", "4.mp4"])
        #expect(try whole.selecting(fold).items.count == 3)
        let split = manifest([("a", "1"), ("b", "2"), ("a", "2")])
        let error = #expect(throws: DatasetError.self) { try split.selecting(fold, inverted: true) }
        #expect(error?.code == .unsplittable && error?.line == 4 && error?.message.contains("\"a\"") == true)
        // A value that no clip has holds out nothing.
        let typo = try #require(Manifest.Selection("fold=01"))
        for inverted in [false, true] {
            let none = #expect(throws: DatasetError.self) { try whole.selecting(typo, inverted: inverted) }
            #expect(none?.code == .empty && none?.message == "no clip has fold=01")
        }
        // Evaluated alone, nothing is trained with.
        #expect(try split.selecting(fold).items.count == 1)
    }

    @Test(
        .enabled(if: sharedData != nil),
        arguments: [("fights", "source_group", 300, 2), ("tennis", "scene_group", 371, 7)])
    func realManifests(name: String, group: String, clips: Int, classes: Int) throws {
        let manifest = try Manifest(path: try #require(sharedData) + "/\(name)/clips.csv")
        #expect((manifest.items.count, manifest.classes.count) == (clips, classes))
        let folds = try manifest.grouped(by: group).folds(by: "fold4")
        #expect(folds.count == 4)
        #expect(folds.reduce(0) { $0 + $1.heldOut.count } == clips)
        let split = try Split(of: manifest.grouped(by: group), validation: 0.25, seed: 3)
        #expect(abs(Double(split.validation.count) / Double(clips) - 0.25) < 0.08)
    }
}
