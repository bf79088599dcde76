# SPDX-License-Identifier: Apache-2.0
"""The package in Spark: two executors, which are processes of their own, answer as one process does, also where one of
them is killed. They have the register in memory once, and no key and no person in what they write down."""

from __future__ import annotations

import base64
import os
import pickle
import re
import runpy
import shutil
import signal
import sys
from pathlib import Path

import pyarrow as pa
import pytest
import xacthuc
from conftest import person
from xacthuc import errors

pyspark = pytest.importorskip("pyspark")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("there is no Java", allow_module_level=True)

from pyspark import cloudpickle
from pyspark.errors import PythonException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812
from xacthuc import spark as xs

# Workers cannot import this file, so its functions go to them whole.
cloudpickle.register_pickle_by_value(sys.modules[__name__])
fields = {"id": "cccd", "name": "ho_ten", "birth_date": "ngay_sinh", "sex": "gioi_tinh"}
partitions = 8
example = Path(__file__).parents[3] / "examples" / "verify_with_spark.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spark")
    for name in ("runtime", "events"):
        (folder / name).mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def spark(folder):
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{folder}/events",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50",
        # Tasks begin when both executors are there, and go to either.
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
        "spark.locality.wait": "0",
        "spark.task.maxFailures": "2",
        # Quick to start, which is what takes the time here.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }
    # Workers write beside what they were started from, so that is a folder of ours.
    home = folder / "home"
    home.mkdir()
    for part in Path(pyspark.__file__).parent.iterdir():
        if part.name != "work":
            (home / part.name).symlink_to(part)
    environment = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        making = SparkSession.builder.master("local-cluster[2,1,1024]").appName("xacthuc")
        for name, value in settings.items():
            making = making.config(name, value)
        session = making.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


def executor() -> int:
    """In a worker: the process of its executor. It is the parent of the daemon that workers are forked from."""
    daemon = os.getppid()
    return int(Path(f"/proc/{daemon}/stat").read_text().rsplit(")", 1)[1].split()[1])


def with_executor(batches):
    for batch in batches:
        yield batch.append_column("executor", pa.array([executor()] * batch.num_rows, pa.int64()))


@pytest.fixture(scope="module")
def mixed(text_people) -> dict[str, list]:
    """The people as texts, and rows that are no requests, or claim less."""
    one = {key: list(values) for key, values in text_people.items()}
    for i in range(0, 1000, 20):
        one["cccd"][i] = [None, "12345", "", "001099999999"][i // 20 % 4]
    for i in range(10, 1000, 20):
        one["ho_ten"][i] = None
    for i in range(15, 1000, 20):
        one["ngay_sinh"][i] = ["1950", "31/02/1950", None][i // 20 % 3]
    return one


@pytest.fixture(scope="module")
def people(spark, mixed):
    rows = list(zip(range(1000), *mixed.values()))
    return spark.createDataFrame(rows, ["row", *mixed]).repartition(partitions, "row")


@pytest.fixture(scope="module")
def in_one_process(register, mixed):
    return register.verify(pa.table(mixed), **fields)


def rows_of(answers) -> list[dict]:
    return pa.table(answers).to_pylist()


def test_two_executors_answer_as_one_process_does_and_share_the_register(spark, people, snapshot, in_one_process, folder):
    running = xs.RunningSummary(spark)
    answers = xs.verify(people, register=snapshot, **fields, keep=["row"], running=running)
    schema = f"{', '.join(f'`{one.name}` {one.dataType.simpleString()}' for one in answers.schema)}, executor long"
    found = [one.asDict() for one in answers.mapInArrow(with_executor, schema).collect()]
    executors = {one.pop("executor") for one in found}
    assert len(executors) == 2 and all(Path(f"/proc/{pid}").exists() for pid in executors)
    found.sort(key=lambda one: one["row"])
    assert [one.pop("row") for one in found] == list(range(1000))
    assert found == rows_of(in_one_process)
    assert {one["outcome"] for one in found} >= {0, 100, 102, 103, 200, 600}
    assert running.summary() == in_one_process.summary()
    assert running.sequences == {1: 1000}
    assert xs.summary(answers) == in_one_process.summary()

    # What each worker has of the file, by the kernel's count: Rss has shared pages in full, Pss divided among those
    # that share them.
    mappings = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "smaps").read_text()
        except OSError:
            continue
        kb = {"Rss": 0, "Pss": 0, "Private_Dirty": 0}
        is_it = False
        for line in text.splitlines():
            name, _, value = line.partition(":")
            if "-" in name.split(" ")[0]:
                is_it = line.endswith(str(snapshot))
            elif is_it and name in kb:
                kb[name] += int(value.split()[0])
        if kb["Rss"]:
            mappings[int(process.name)] = kb
    assert len(mappings) >= 2
    whole = snapshot.stat().st_size / 1024
    rss, pss = (sum(one[what] for one in mappings.values()) for what in ("Rss", "Pss"))
    print(f"register {whole:.0f} KiB; Rss {rss} KiB, Pss {pss} KiB in {len(mappings)} workers")
    assert rss > 1.4 * pss and pss <= 1.05 * whole
    assert all(one["Private_Dirty"] == 0 for one in mappings.values())
    # One of them checked the whole file, and said so to the other.
    (note,) = (folder / "runtime" / "xacthuc").iterdir()
    assert str(snapshot.stat().st_ino) in note.read_text().split() and note.stat().st_mode & 0o777 == 0o600


def test_a_killed_executor_changes_no_answer(spark, people, snapshot, in_one_process, tmp_path):
    killed = tmp_path / "killed"

    def kill_once(batches):
        """On the way of a task that has given some rows already."""
        for number, batch in enumerate(batches):
            if number == 1:
                try:
                    with open(killed, "x") as note:
                        note.write(str(executor()))
                except FileExistsError:
                    pass
                else:
                    os.kill(executor(), signal.SIGKILL)
            yield batch

    running = xs.RunningSummary(spark)
    answers = xs.verify(people.mapInArrow(kill_once, people.schema), register=snapshot, **fields, keep="row", running=running)
    answers.write.parquet(str(tmp_path / "answers"))
    assert not Path(f"/proc/{killed.read_text()}").exists()
    written = spark.read.parquet(str(tmp_path / "answers"))
    found = [one.asDict() for one in written.orderBy("row").collect()]
    assert [one.pop("row") for one in found] == list(range(1000))
    assert found == rows_of(in_one_process)
    assert xs.summary(written) == in_one_process.summary()
    # Answers went straight to the file, and so each task counts once.
    assert running.summary() == in_one_process.summary()


def test_columns_of_other_types_and_values_for_all_rows(spark, snapshot, register):
    whole = [person(i) for i in range(40)]
    rows = [(int(one["id"]), one["name"], one["birth_date"], one["province"], f"note {i}") for i, one in enumerate(whole)]
    table = spark.createDataFrame(rows, "cccd long, `họ tên` string, born date, province smallint, note string")
    how = {"name": "họ tên", "birth_date": "born", "life": xacthuc.literal("alive"), "require": "name"}
    found = xs.verify(table, register=xs.HostRegister(snapshot), keep=["note", "họ tên"], ignore=True, **how).collect()
    assert [one["note"] for one in found] == [row[4] for row in rows]
    assert [one["họ tên"] for one in found] == [row[1] for row in rows]
    of = pa.table({"id": [one["id"] for one in whole], "name": [one["name"] for one in whole],
                   "born": pa.array([one["birth_date"] for one in whole], pa.date32())})  # fmt: skip
    expected = register.verify(of, name="name", birth_date="born", life=xacthuc.literal("alive"))
    assert [one["outcome"] for one in found] == expected.outcome.tolist()
    assert "province" not in found[0].asDict()


def test_what_does_not_fit_is_refused_at_once(spark, snapshot, register, tmp_path):
    table = spark.createDataFrame([], "cccd string, ho_ten string, note string, seen timestamp, name string")
    ask = {"register": snapshot, "ignore": ["note", "seen", "name"]}
    for how, kind, text in (
        ({"register": snapshot}, errors.ColumnError, "columns"),
        ({"register": snapshot, "id": "so", "ignore": True}, errors.ColumnError, "no column 'so'"),
        ({**ask, "birth_date": "seen", "ignore": ["note", "name"]}, errors.ColumnError, "birth_date"),
        ({**ask, "keep": "nothing"}, errors.ColumnError, "keep: the table has no column"),
        ({**ask, "name": "ho_ten", "keep": "name"}, errors.ColumnError, "keep: name is also"),
        ({**ask, "ledger": object()}, errors.ArgumentError, "ledger: guards and ledgers are of one process"),
        ({**ask, "officer": 5}, errors.ArgumentError, "officer: guards and ledgers"),
        ({**ask, "adress": "x"}, errors.ArgumentError, "no keyword adress"),
        ({**ask, "require": ["sex"]}, errors.ColumnError, "require"),
    ):
        with pytest.raises(kind, match=text):
            xs.verify(table, **how)
    with xacthuc.Ledger.open(tmp_path / "ledger", origin="example.vn/ledger") as ledger:
        recording = xacthuc.open(snapshot, ledger=ledger)
        with pytest.raises(errors.ArgumentError, match="stays in its process"):
            xs.verify(table, **{**ask, "register": recording})
    for path, text in ((tmp_path, "is a directory"), (tmp_path / "npd.xts", "no such file on this host")):
        with pytest.raises(PythonException, match=text):
            xs.verify(spark.createDataFrame([("001190000001", "An")], "cccd string, ho_ten string"), register=path).collect()


def test_the_example_runs(spark, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", [str(example), "--people", "1000", "--folder", str(tmp_path)])
    runpy.run_path(str(example))
    told = capsys.readouterr().out
    assert "1,000 rows" in told and re.search(r"102 birth_date_mismatch +10 ", told)
    shown = re.findall(r"\|case +(\d+)\|birth_date_mismatch", told)
    assert len(shown) == 3 and all(int(number) % 100 == 0 for number in shown)


def test_no_key_and_no_person_is_written_down(spark, people, snapshot, mixed, folder):
    key = (snapshot.parent / "digest.key").read_bytes()
    secrets = [key, key.hex().encode(), base64.b64encode(key), mixed["ho_ten"][2].encode(), mixed["cccd"][2].encode()]
    answers = xs.verify(people, register=snapshot, **fields, ignore="row")
    told = answers._jdf.queryExecution().toString().encode()
    for logs in (folder / "home" / "work", folder / "events"):
        files = [one for one in logs.rglob("*") if one.is_file() and one.suffix != ".jar"]
        assert files
        told += b"".join(one.read_bytes() for one in files)
    assert b"MapInArrow" in told
    sent = pickle.dumps(xs.HostRegister.of(snapshot))
    assert not any(secret in told or secret in sent for secret in secrets if secret)
