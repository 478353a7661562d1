"""Guessing the encoding of a few names."""

import pytest

from labeller.pool.spelling import guess_encoding

WORDS = {
    "gbk": "猫 狗 鸟儿 汽车 飞机 裂纹 划痕 不合格 衬衫 建筑",
    "big5": "貓 狗 鳥兒 汽車 飛機 裂紋 刮痕 不合格 襯衫 建築",
    "cp932": "ねこ いぬ 自動車 飛行機 ひび割れ 汚れ シャツ 建物 正常 異常",
    "cp949": "고양이 자동차 비행기 균열 불합격 셔츠 건물 사람 정상 이상",
    "cp1251": "кошка собака птица машина самолёт корабль лошадь олень яблоко дерево",
    "cp866": "кошка собака птица машина самолёт корабль лошадь олень яблоко дерево",
    "cp1252": "Käfer Bäume Straße Äpfel Müll façade château été garçon niño",
}


@pytest.mark.parametrize("encoding", WORDS)
def test_three_class_names_are_enough_to_guess(encoding):
    words = WORDS[encoding].split()
    for start in range(len(words) - 2):
        names = [f"{word}/{i}.jpg" for word in words[start : start + 3] for i in (1, 2)]
        guessed = guess_encoding([name.encode(encoding) for name in names])
        assert [name.encode(encoding).decode(guessed) for name in names] == names, guessed


def test_utf_8_is_recognised_and_nonsense_gets_some_encoding():
    assert guess_encoding(["Käfer".encode()]) == "utf-8"
    nonsense = b"\xff\xfe\x01\x80"
    nonsense.decode(guess_encoding([nonsense]), errors="replace")
