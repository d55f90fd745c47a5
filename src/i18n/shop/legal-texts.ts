import type { Language } from '../texts.ts';

/** The legal notice of a shop (特定商取引法に基づく表記): what each part is called. */
export interface LegalTexts {
  title: string;
  fields: Record<LegalWord, string>;
  /** The merchant wrote it once, in one language. */
  asWritten: string;
}

type LegalWord =
  | 'seller'
  | 'manager'
  | 'address'
  | 'phone'
  | 'email'
  | 'price'
  | 'extra_costs'
  | 'payment'
  | 'delivery'
  | 'returns';

export const LEGAL_TEXTS: Record<Language, LegalTexts> = {
  ja: {
    title: '特定商取引法に基づく表記',
    fields: {
      seller: '販売業者',
      manager: '運営責任者',
      address: '所在地',
      phone: '電話番号',
      email: 'メールアドレス',
      price: '販売価格',
      extra_costs: '商品代金以外の必要料金',
      payment: '支払方法と支払時期',
      delivery: '引渡し時期',
      returns: '返品・キャンセル',
    },
    asWritten: '販売業者が記載した内容です。',
  },
  en: {
    title: 'Legal notice of the seller',
    fields: {
      seller: 'Seller',
      manager: 'Person in charge',
      address: 'Address',
      phone: 'Phone',
      email: 'E-mail',
      price: 'Prices',
      extra_costs: 'Costs besides the price',
      payment: 'Ways and times of payment',
      delivery: 'Delivery',
      returns: 'Returns and cancellation',
    },
    asWritten: 'As required by Japanese law, in the words of the seller.',
  },
  'zh-Hans': {
    title: '卖方信息（特定商交易法）',
    fields: {
      seller: '销售商',
      manager: '负责人',
      address: '地址',
      phone: '电话',
      email: '电子邮件',
      price: '销售价格',
      extra_costs: '商品价格以外的费用',
      payment: '付款方式与时间',
      delivery: '交付时间',
      returns: '退货与取消',
    },
    asWritten: '根据日本法律刊载，内容为卖方原文。',
  },
  'zh-Hant': {
    title: '賣方資訊（特定商交易法）',
    fields: {
      seller: '銷售商',
      manager: '負責人',
      address: '地址',
      phone: '電話',
      email: '電子郵件',
      price: '銷售價格',
      extra_costs: '商品價格以外的費用',
      payment: '付款方式與時間',
      delivery: '交付時間',
      returns: '退貨與取消',
    },
    asWritten: '依日本法律刊載，內容為賣方原文。',
  },
  ko: {
    title: '판매자 정보 (특정상거래법)',
    fields: {
      seller: '판매자',
      manager: '운영 책임자',
      address: '소재지',
      phone: '전화번호',
      email: '이메일',
      price: '판매 가격',
      extra_costs: '상품 가격 이외의 비용',
      payment: '결제 방법과 시기',
      delivery: '인도 시기',
      returns: '반품 및 취소',
    },
    asWritten: '일본 법률에 따른 표시로, 판매자가 작성한 원문입니다.',
  },
};
